import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventStreamParser } from '../src/event_stream';

const text = ': heartbeat\n\nid: 7\nevent: order\ndata: {"a":1}\n\nid: 8\r\nevent: order\r\ndata: {\r\ndata: "a":2}\r\n\r\n';
const wanted = [
  { id: '7', name: 'order', data: '{"a":1}' },
  { id: '8', name: 'order', data: '{\n"a":2}' },
];

test('events come out whole however the bytes are cut', () => {
  for (let cut = 0; cut <= text.length; cut += 1) {
    const parser = new EventStreamParser();
    assert.deepEqual([...parser.push(text.slice(0, cut)), ...parser.push(text.slice(cut))], wanted, `cut at ${cut}`);
  }
});

test('an event that the connection cut off is not an event', () => {
  assert.deepEqual(new EventStreamParser().push('id: 1\nevent: order\ndata: {"a":'), []);
});

test('comments and unknown fields say nothing', () => {
  assert.deepEqual(new EventStreamParser().push(':x\nretry: 10\nfoo\n\n'), []);
});
