// Notifications as Alipay signs them: for messages that the sandbox would never send by itself.
import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { call } from '../stage/http.mjs';

export const formType = 'application/x-www-form-urlencoded; charset=utf-8';

// What the sandbox's Alipay would say of a paid trade; `changes` with undefined leaves a field out.
export function noticeFields(trade, changes = {}) {
  const yuan = (trade.total_minor / 100).toFixed(2);
  const fields = {
    notify_type: 'trade_status_sync',
    notify_id: `test${Math.random().toString(36).slice(2)}`,
    notify_time: '2026-01-01 00:00:00',
    app_id: '2021000000000001',
    seller_id: '2088000000000001',
    charset: 'utf-8',
    version: '1.0',
    trade_no: trade.trade_no,
    out_trade_no: trade.out_trade_no,
    trade_status: 'TRADE_SUCCESS',
    total_amount: yuan,
    gmt_payment: '2026-01-01 00:00:00',
    ...changes,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function signed(stage, fields) {
  const content = Object.keys(fields)
    .filter((name) => fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&');
  const signature = sign('sha256', Buffer.from(content), readFileSync(stage.file('alipay_private.pem'), 'utf8'));
  return { ...fields, sign_type: 'RSA2', sign: signature.toString('base64') };
}

// Posts it as the channel does. The word of the answer is Alipay's, so it is not held against the document's problems.
export function notify(stage, fields, channel = 'alipay') {
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
  return call(`${stage.shopUrl}/v1/notify/${channel}`, { method: 'POST', body, headers: { 'Content-Type': formType } });
}
