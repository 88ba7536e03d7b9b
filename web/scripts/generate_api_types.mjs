// Writes shared/src/api_types.ts from src/api/openapi.yaml; with --check, fails if that file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../src/api/openapi.yaml', import.meta.url);
const target = new URL('../shared/src/api_types.ts', import.meta.url);
const heading = '// Generated from src/api/openapi.yaml by `npm run generate`; do not edit.\n\n';

const generated = heading + astToString(await openapiTS(source, { alphabetize: false }));
if (!process.argv.includes('--check')) {
  await writeFile(target, generated);
} else if ((await readFile(target, 'utf8').catch(() => '')) !== generated) {
  console.error('web/shared/src/api_types.ts is stale: run `npm run generate` in web/ and commit it.');
  process.exit(1);
} else {
  console.log('web/shared/src/api_types.ts is fresh.');
}
