// The browser inside WeChat, and the bridge by which a page there opens the pay sheet.

// What the bridge said. It runs in the buyer's hand, so it proves nothing: whether money came, the shop's server knows.
export type SheetResult = 'ok' | 'cancel' | 'fail' | 'no_bridge';
type Sheet = Record<string, string>;
type BridgeAnswer = { err_msg?: unknown };
type Bridge = { invoke: (name: string, sheet: Sheet, done: (answer: BridgeAnswer) => void) => void };

declare global {
  interface Window {
    WeixinJSBridge?: Bridge;
  }
}

const bridgeWithinMs = 5_000;
const request = 'getBrandWCPayRequest';

export function isWechat(userAgent: string): boolean {
  return /MicroMessenger/i.test(userAgent);
}

export function insideWechat(): boolean {
  return isWechat(navigator.userAgent);
}

// "get_brand_wcpay_request:ok" and, with an old app's spelling, ":OK".
export function resultOf(answer: BridgeAnswer): SheetResult {
  const word = String(answer.err_msg ?? '').split(':').pop()?.trim().toLowerCase();
  return word === 'ok' || word === 'cancel' ? word : 'fail';
}

// WeChat brings the bridge some time after the page.
function bridge(): Promise<Bridge | null> {
  if (window.WeixinJSBridge) return Promise.resolve(window.WeixinJSBridge);
  return new Promise((resolve) => {
    const done = (): void => resolve(window.WeixinJSBridge ?? null);
    document.addEventListener('WeixinJSBridgeReady', done, { once: true });
    setTimeout(done, bridgeWithinMs);
  });
}

export async function openPaySheet(sheet: Sheet): Promise<SheetResult> {
  const found = await bridge();
  if (!found) return 'no_bridge';
  return new Promise((resolve) => found.invoke(request, sheet, (answer) => resolve(resultOf(answer))));
}
