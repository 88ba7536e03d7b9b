// Fails unless both languages say the same things with the same values, and no text tells a buyer merely to wait.
import { readFile } from 'node:fs/promises';

const folder = new URL('../storefront/src/messages/', import.meta.url);
const read = async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8'));

function flatten(tree, path = '') {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [[path + name, value]] : flatten(value, `${path}${name}.`),
  );
}

function valuesIn(text) {
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join(' ');
}

const empty = /请稍候|请稍等|处理中|please wait|^processing/i;
const zh = new Map(flatten(await read('zh-CN.json')));
const en = new Map(flatten(await read('en.json')));
const wrong = [];
for (const key of new Set([...zh.keys(), ...en.keys()])) {
  if (!zh.has(key)) wrong.push(`${key}: missing in zh-CN.json`);
  else if (!en.has(key)) wrong.push(`${key}: missing in en.json`);
  else if (valuesIn(zh.get(key)) !== valuesIn(en.get(key)) && !en.get(key).includes('|')) {
    wrong.push(`${key}: the languages use different values`);
  }
}
for (const [key, text] of [...zh, ...en]) {
  if (text.trim() === '') wrong.push(`${key}: empty`);
  if (empty.test(text)) wrong.push(`${key}: says to wait, but not for what and until when`);
}

if (wrong.length > 0) {
  console.error(wrong.join('\n'));
  process.exit(1);
}
console.log(`${zh.size} messages in two languages.`);
