// What the simulator plays must get time, chance and the outside through its ports only: the libraries
// of the core may not even refer to another source of them. Arguments: the core's libraries.
import { execFileSync } from 'node:child_process';
import assert from 'node:assert';

const banned =
  /^(clock_gettime|gettimeofday|time|nanosleep|usleep|getrandom|getentropy|s?rand(om)?|getenv|socket|connect|pthread_create|std::chrono::_V2::(system|steady)_clock::now\(\)|std::random_device::.*|std::thread::.*)(@.*)?$/;
const symbolsOf = (file) =>
  execFileSync('nm', ['-u', '-C', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .filter((line) => line.startsWith(' '))
    .map((line) => line.trim().replace(/^U /, ''));

const libraries = process.argv.slice(2);
assert(libraries.length > 0, 'name the libraries');
for (const library of libraries) {
  const symbols = symbolsOf(library);
  assert(symbols.length > 0, `${library} refers to nothing: is it the core's?`);
  const found = symbols.filter((symbol) => banned.test(symbol));
  assert.deepEqual(found, [], `${library} has time, chance or the outside from elsewhere than its ports`);
  console.log(`${library}: ${symbols.length} symbols, none of them banned`);
}
// The rule itself must bite.
assert(banned.test('clock_gettime@GLIBC_2.17') && banned.test('std::random_device::_M_getval()'));
