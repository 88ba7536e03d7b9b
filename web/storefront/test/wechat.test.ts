import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWechat, resultOf } from '../src/wechat';

test('only what the bridge calls ok is ok, and an unknown word is a failure', () => {
  const told = (message: unknown) => resultOf({ err_msg: message });
  assert.equal(told('get_brand_wcpay_request:ok'), 'ok');
  assert.equal(told('get_brand_wcpay_request:OK'), 'ok');
  assert.equal(told('get_brand_wcpay_request:cancel'), 'cancel');
  for (const odd of ['get_brand_wcpay_request:fail', 'get_brand_wcpay_request', 'not ok', '', undefined, 7]) {
    assert.equal(told(odd), 'fail', String(odd));
  }
});

test("WeChat's browser is known by its name", () => {
  assert.ok(isWechat('Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36 MicroMessenger/8.0.50 NetType/WIFI'));
  assert.ok(!isWechat('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1'));
});
