// The access codes of this browser's orders, the latest first. `shown` says that the buyer has put it away.
type Kept = { orderNo: string; code: string; placedAt: string; name: string; shown: boolean };
const storageKey = 'daozhang.orders';
const keptMax = 50;

function read(): Kept[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? (kept as Kept[]) : [];
  } catch {
    return [];
  }
}

function write(kept: Kept[]): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept.slice(0, keptMax)));
  } catch {
    // Storage is full or forbidden: the cookie still opens the order.
  }
}

export const keptOrders = read;

export function accessCodeOf(orderNo: string): string | undefined {
  return read().find((kept) => kept.orderNo === orderNo)?.code;
}

export function keepAccessCode(orderNo: string, code: string, name: string, shown: boolean): void {
  const others = read().filter((kept) => kept.orderNo !== orderNo);
  write([{ orderNo, code, name, placedAt: new Date().toISOString(), shown }, ...others]);
}

export function codeAwaitsKeeping(orderNo: string): boolean {
  return read().some((kept) => kept.orderNo === orderNo && !kept.shown);
}

export function markCodeKept(orderNo: string): void {
  write(read().map((kept) => (kept.orderNo === orderNo ? { ...kept, shown: true } : kept)));
}

export function forgetOrder(orderNo: string): void {
  write(read().filter((kept) => kept.orderNo !== orderNo));
}
