// What is on sale in this shop, and how its makers behave: the sandbox's faults are bound to words in the goods' names
// and to groups of digits in the phone numbers, so that all of them happen side by side.

const phone = [{ name: 'phone', kind: 'phone', title: { 'zh-CN': '手机号', en: 'Mobile number' }, region: 'CN' }];
const named = (name) => ({ 'zh-CN': name, en: name });
const shared = { currency: 'CNY', description: named('For the chaos test') };
const topup = {
  ...shared,
  kind: 'topup',
  price_minor: 1000,
  quantity_max: 2,
  supplier: 'demo',
  supplier_sku: 'phone-10',
  face_minor: 1000,
  cost_minor_max: 990,
  target: phone,
};
const card = { ...shared, kind: 'secret', price_minor: 700, quantity_max: 3, promise_seconds: 60 };

export const quickPromiseSeconds = 5;
export const products = [
  { ...card, sku: 'card', name: named('Card') },
  { ...card, sku: 'card-doubled', name: named('Card doubled') },
  { ...card, sku: 'card-unheard', name: named('Card unheard') },
  { ...card, sku: 'card-tardy', name: named('Card tardy') },
  { ...topup, sku: 'topup', name: named('Topup'), promise_seconds: 60 },
  { ...topup, sku: 'topup-quick', name: named('Topup quick'), promise_seconds: quickPromiseSeconds },
  { ...topup, sku: 'topup-quick-lossy', name: named('Topup lossy'), promise_seconds: quickPromiseSeconds },
];

const promises = Object.fromEntries(products.map(({ sku, promise_seconds: seconds }) => [sku, seconds]));
export const promiseSecondsOf = (sku) => promises[sku];

const stockEach = 1_200;
export const secrets = Object.fromEntries(
  ['card', 'card-doubled', 'card-unheard', 'card-tardy'].map((sku) => [
    sku,
    Array.from({ length: stockEach }, (_, i) => `${sku.toUpperCase()}-${String(i).padStart(6, '0')}-CHAOS`),
  ]),
);

// A phone number is 139, a group for how the order goes and a group for how it is spoken about.
const going = { well: '1111', silent: '2222', lost_reply: '3333', late: '4444', fails: '5555' };
const speaking = { well: '6666', no_cancel: '7777', slowly: '8888' };
export const phoneFor = (goes = 'well', speaks = 'well') => `139${going[goes]}${speaking[speaks]}`;

export const slowMs = 1_500;
const faults = {
  double_notify: { copies: 3, match: 'doubled' },
  lose_notify: { match: 'unheard' },
  pay_after_expiry: { match: 'tardy' },
  refund_executed_reply_lost: { hold_ms: 800, match: 'lossy' },
  silent: { match: going.silent },
  execute_lose_reply: { hold_ms: 0, match: going.lost_reply },
  answer_late: { s: quickPromiseSeconds + 2, match: going.late },
  fail_definitely: { at_once: 1, match: going.fails },
  cancel_refused: { match: speaking.no_cancel },
  supplier_slow: { ms: slowMs, match: speaking.slowly },
};

export async function breakSandbox(sandbox) {
  for (const [name, setting] of Object.entries(faults)) await sandbox.fault(name, { on: true, ...setting });
}

export async function healSandbox(sandbox) {
  for (const name of [...Object.keys(faults), 'slow']) await sandbox.fault(name, { on: false });
}

// What buyers do: [weight, story]. Each story is how one order is placed and paid.
export const stories = [
  [24, { sku: 'card' }],
  [8, { sku: 'card', quantity: 2 }],
  [10, { sku: 'card-doubled', quantity: 2 }],
  [8, { sku: 'card-unheard' }],
  [8, { sku: 'card', channel: 'alipay_qr' }],
  [6, { sku: 'card', paysTwice: true }],
  [4, { sku: 'card', neverPays: true, waits: true }],
  [3, { sku: 'card-tardy', paysAtTheEnd: true, waits: true }],
  [3, { sku: 'card-tardy', paysAtTheEnd: true, waits: true, channel: 'alipay_qr' }],
  [8, { sku: 'topup', phone: phoneFor() }],
  [4, { sku: 'topup', phone: phoneFor(), quantity: 2, channel: 'alipay_wap' }],
  [5, { sku: 'topup', phone: phoneFor('lost_reply') }],
  [4, { sku: 'topup', phone: phoneFor('fails') }],
  [3, { sku: 'topup-quick', phone: phoneFor('silent') }],
  [3, { sku: 'topup-quick', phone: phoneFor('silent', 'no_cancel'), quantity: 2 }],
  [2, { sku: 'topup-quick', phone: phoneFor('late') }],
  [3, { sku: 'topup-quick', phone: phoneFor('late', 'no_cancel') }],
  [4, { sku: 'topup-quick-lossy', phone: phoneFor('fails') }],
  [2, { sku: 'topup-quick-lossy', phone: phoneFor('silent', 'no_cancel'), quantity: 2 }],
];

// Without the goods that are promised within seconds.
export const unhurriedStories = stories.filter(([, { sku }]) => promiseSecondsOf(sku) > quickPromiseSeconds);
