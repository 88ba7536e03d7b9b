import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetSchema } from '@daozhang/shared';
import { checkTarget, optionsOf, targetToSend } from '../src/checkout/check_target';

const phone: TargetSchema = {
  type: 'object',
  required: ['phone'],
  properties: { phone: { type: 'string', title: 'Phone', format: 'phone', 'x-region': 'CN' } },
};
const game: TargetSchema = {
  type: 'object',
  required: ['account', 'region', 'server'],
  properties: {
    account: { type: 'string', title: 'Account', pattern: '[0-9]+', minLength: 9, maxLength: 9 },
    region: { type: 'string', title: 'Region', enum: ['east', 'north'] },
    server: {
      type: 'string',
      title: 'Server',
      'x-options-by': { field: 'region', options: { east: ['e1', 'e2'], north: ['n1'] } },
    },
  },
};
const wrongWith = (schema: TargetSchema, target: Record<string, string>) =>
  checkTarget(schema, target).map(({ name, wrong }) => `${name} ${wrong}`);

test('a phone is taken as buyers write it', () => {
  for (const value of ['13812345678', '138 1234 5678', '+86 138-1234-5678', '8613812345678']) {
    assert.deepEqual(wrongWith(phone, { phone: value }), [], value);
  }
});

test('what is no mobile number of the region is named', () => {
  for (const value of ['1381234567', '23812345678', '138123456789', 'abc', '12812345678']) {
    assert.deepEqual(wrongWith(phone, { phone: value }), ['phone phone_cn'], value);
  }
  assert.deepEqual(wrongWith(phone, { phone: '  ' }), ['phone required']);
});

test('every wrong field of a game account is named at once', () => {
  assert.deepEqual(wrongWith(game, {}), ['account required', 'region not_an_option', 'server not_an_option']);
  assert.deepEqual(wrongWith(game, { account: '12', region: 'east', server: 'n1' }), [
    'account too_short',
    'server not_an_option',
  ]);
  assert.deepEqual(wrongWith(game, { account: '12345678a', region: 'east', server: 'e1' }), ['account form']);
  assert.deepEqual(wrongWith(game, { account: '123456789', region: 'east', server: 'e1' }), []);
});

test('the servers offered are those of the region chosen', () => {
  const server = game.properties.server!;
  assert.deepEqual(optionsOf(server, { region: 'north' }), ['n1']);
  assert.deepEqual(optionsOf(server, {}), []);
});

test('only filled fields of the schema are sent, without blanks around them', () => {
  assert.deepEqual(targetToSend(phone, { phone: ' 138 ', other: 'x' }), { phone: '138' });
});
