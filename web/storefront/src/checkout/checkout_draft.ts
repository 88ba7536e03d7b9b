import { makeIdempotencyKey, type Contact, type OrderRequest } from '@daozhang/shared';

// What the buyer has filled in, kept for this tab so that a reload loses nothing.
export type Draft = {
  quantity: number;
  target: Record<string, string>;
  contact: string;
  channel: string;
};

const draftKey = (sku: string) => `daozhang.draft.${sku}`;
const submitKey = (sku: string) => `daozhang.submit.${sku}`;

export function loadDraft(sku: string): Draft {
  const empty: Draft = { quantity: 1, target: {}, contact: '', channel: '' };
  try {
    return { ...empty, ...(JSON.parse(sessionStorage.getItem(draftKey(sku)) ?? '{}') as Partial<Draft>) };
  } catch {
    return empty;
  }
}

export function saveDraft(sku: string, draft: Draft): void {
  sessionStorage.setItem(draftKey(sku), JSON.stringify(draft));
}

export function isEmail(contact: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(contact.trim());
}

export function isPhone(contact: string): boolean {
  return /^(\+?86)?1[3-9]\d{9}$/.test(contact.replace(/[\s()-]/g, ''));
}

export function contactOf(text: string): Contact {
  return text.includes('@') ? { email: text.trim() } : { phone: text.replace(/[\s()-]/g, '') };
}

// One key per checkout: the same request gets the same key after a double click, a lost answer or a reload.
export function idempotencyKeyFor(request: OrderRequest): string {
  const body = JSON.stringify(request);
  const stored = sessionStorage.getItem(submitKey(request.sku));
  if (stored) {
    const kept = JSON.parse(stored) as { key: string; body: string };
    if (kept.body === body) return kept.key;
  }
  const key = makeIdempotencyKey();
  sessionStorage.setItem(submitKey(request.sku), JSON.stringify({ key, body }));
  return key;
}

// Once the order is known to be placed, the next one is a new one.
export function endCheckout(sku: string): void {
  sessionStorage.removeItem(submitKey(sku));
  sessionStorage.removeItem(draftKey(sku));
}
