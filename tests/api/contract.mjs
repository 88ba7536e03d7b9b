// The OpenAPI document as a judge: an answer whose status, content type, headers or body is not in it fails the test.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const document = parse(readFileSync(new URL('../../src/api/openapi.yaml', import.meta.url), 'utf8'));
const ajv = new Ajv2020.default({ strict: false, allErrors: true, validateFormats: true });
addFormats.default(ajv);
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
ajv.addSchema(document, 'openapi');

const paths = Object.keys(document.paths).map((template) => ({
  template,
  pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`),
}));

const escaped = (word) => word.replaceAll('~', '~0').replaceAll('/', '~1');
const pointer = (...words) => `#/${words.map(escaped).join('/')}`;

function at(ref) {
  return ref
    .slice(2)
    .split('/')
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, word) => place?.[word], document);
}

// The pointer to what stands there, behind its references.
function resolved(ref) {
  const found = at(ref);
  return found?.$ref ? resolved(found.$ref) : ref;
}

function validate(ref, value, what) {
  const check = ajv.getSchema(`openapi${ref}`) ?? ajv.compile({ $ref: `openapi${ref}` });
  const problems = () => check.errors.map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
  assert.ok(check(value), `${what}: ${check.errors && problems()}\n${JSON.stringify(value)}`);
}

const problemSchema = '#/components/schemas/Problem';

function mediaTypeOf(answer) {
  return (answer.headers['content-type'] ?? '').split(';')[0].trim();
}

// A plain name like `/v1/orders/find` goes before `/v1/orders/{order_no}`.
function templateOf(path) {
  const fits = paths.filter(({ pattern }) => pattern.test(path)).map(({ template }) => template);
  return fits.find((template) => !template.includes('{')) ?? fits[0];
}

function responseRef(template, method, status) {
  for (const code of [String(status), `${String(status)[0]}XX`]) {
    const ref = pointer('paths', template, method.toLowerCase(), 'responses', code);
    if (at(ref)) return resolved(ref);
  }
  return null;
}

function checkHeaders(ref, answer, what) {
  for (const name of Object.keys(at(ref).headers ?? {})) {
    const value = answer.headers[name.toLowerCase()];
    assert.notEqual(value, undefined, `${what}: header ${name} is missing`);
    validate(`${resolved(`${ref}/headers/${escaped(name)}`)}/schema`, value, `${what}: header ${name}`);
  }
}

// A status may have its own form (a channel's word) and that of its class (a problem).
function checkBody(ref, classRef, answer, what) {
  const type = mediaTypeOf(answer);
  const holder = [ref, classRef].find((candidate) => candidate && at(candidate).content?.[type]);
  const types = Object.keys(at(ref).content ?? {});
  if (types.length === 0) return assert.equal(answer.bytes.length, 0, `${what}: has a body`);
  assert.ok(holder, `${what}: is ${type || 'without type'}, not ${types}\n${answer.text}`);
  const value = type.endsWith('json') ? answer.json() : answer.text;
  validate(`${holder}/content/${escaped(type)}/schema`, value, what);
  if (type === 'application/problem+json') assert.equal(value.status, answer.status, `${what}: says another status`);
}

// A path or a method that the document does not know must be refused as a problem.
export function checkAnswer(method, path, answer) {
  const what = `${method} ${path} → ${answer.status}`;
  const template = templateOf(path.split('?')[0]);
  if (!template || !document.paths[template][method.toLowerCase()]) {
    assert.ok([404, 405].includes(answer.status), `${what}: is not in the document`);
    if (method === 'HEAD') return;
    assert.equal(mediaTypeOf(answer), 'application/problem+json', `${what}: ${answer.text}`);
    return validate(problemSchema, answer.json(), what);
  }
  const ref = responseRef(template, method, answer.status);
  assert.ok(ref, `${what}: is not in the document\n${answer.text}`);
  const classRef = responseRef(template, method, `${String(answer.status)[0]}XX`);
  checkHeaders(ref, answer, what);
  checkBody(ref, classRef, answer, what);
}

// Of an answer whose body never ends.
export function checkHead(method, path, answer) {
  const ref = responseRef(templateOf(path), method, answer.status);
  checkHeaders(ref, answer, `${method} ${path} → ${answer.status}`);
  assert.ok(at(ref).content[mediaTypeOf(answer)], mediaTypeOf(answer));
}

// The `data` of a stream's event.
export function checkOrder(order) {
  validate('#/components/schemas/Order', order, 'order');
}
