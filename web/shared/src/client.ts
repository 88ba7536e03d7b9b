import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './api_types';

type Schemas = components['schemas'];
export type Channel = Schemas['Channel'];
export type Contact = Schemas['Contact'];
export type FoundBy = { access_code: string } | { contact: Contact };
export type Order = Schemas['Order'];
export type OrderRequest = Schemas['OrderRequest'];
export type OrderState = Schemas['OrderState'];
export type Payment = Schemas['Payment'];
export type PlacedOrder = Schemas['PlacedOrder'];
export type Product = Schemas['Product'];
export type ProductKind = Schemas['ProductKind'];
export type Quote = Schemas['Quote'];
export type QuoteRequest = Schemas['QuoteRequest'];
export type Refund = Schemas['Refund'];
export type RevealedUnit = Schemas['RevealedSecrets']['units'][number];
export type Stage = Schemas['Stage'];
export type TargetDisplay = Schemas['TargetDisplay'];
export type TargetField = Schemas['TargetField'];
export type TargetSchema = Schemas['TargetSchema'];
export type Unit = Schemas['Unit'];
type ProblemBody = Partial<Schemas['Problem']>;

// A refusal by its name. `network_unreachable` is ours: nothing is known about what the server did.
export class ShopProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly field: string | undefined;
  readonly errors: { field: string; code: string; detail?: string }[];
  // When asking again may help, if the server has said so.
  readonly retryAt: Date | null;

  constructor(status: number, body: ProblemBody, retryAfter: string | null = null) {
    super(body.code ?? `http_${status}`);
    this.code = body.code ?? (status === 0 ? 'network_unreachable' : `http_${status}`);
    this.status = status;
    this.detail = body.detail;
    this.field = body.field;
    this.errors = body.errors ?? [];
    const seconds = Number(retryAfter ?? NaN);
    this.retryAt = Number.isFinite(seconds) ? new Date(Date.now() + seconds * 1000) : null;
  }

  // Whether the same request may succeed if it is sent again unchanged and at once. Not so where the buyer sent too much.
  get retryCanHelp(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

export type ShopClientOptions = {
  baseUrl: string;
  language: () => string;
  accessCode: (orderNo: string) => string | undefined;
  fetch?: typeof fetch;
};

export type ShopClient = ReturnType<typeof createShopClient>;

export function createShopClient(options: ShopClientOptions) {
  const send = options.fetch ?? ((request: Request) => fetch(request));
  const api = createClient<paths>({
    baseUrl: options.baseUrl,
    credentials: 'same-origin',
    cache: 'no-store',
    fetch: send,
  });
  const addLanguage: Middleware = {
    onRequest({ request }) {
      request.headers.set('Accept-Language', options.language());
      return request;
    },
  };
  api.use(addLanguage);

  const authorization = (orderNo: string): Record<string, string> => {
    const code = options.accessCode(orderNo);
    return code ? { Authorization: `Bearer ${code}` } : {};
  };
  const ofOrder = (orderNo: string) => ({
    params: { path: { order_no: orderNo } },
    headers: authorization(orderNo),
  });

  return {
    products: async () => (await answer(api.GET('/v1/products'))).products,
    channels: async () => (await answer(api.GET('/v1/channels'))).channels,
    quote: (body: QuoteRequest) => answer(api.POST('/v1/quotes', { body })),
    placeOrder: (body: OrderRequest, idempotencyKey: string) =>
      answer(
        api.POST('/v1/orders', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } }),
      ),
    findOrder: (orderNo: string, by: FoundBy) =>
      answer(api.POST('/v1/orders/find', { body: { order_no: orderNo, ...by } })),
    order: (orderNo: string) => answer(api.GET('/v1/orders/{order_no}', ofOrder(orderNo))),
    reveal: async (orderNo: string) =>
      (await answer(api.POST('/v1/orders/{order_no}/reveal', ofOrder(orderNo)))).units,
    openPayment: (orderNo: string, channel: string) =>
      answer(
        api.POST('/v1/orders/{order_no}/payments', { ...ofOrder(orderNo), body: { channel } }),
      ),
    askPayments: (orderNo: string) =>
      answer(api.POST('/v1/orders/{order_no}/payments/ask', ofOrder(orderNo))),
    stream: async (orderNo: string, lastEventId: string | null, signal: AbortSignal) => {
      const headers: Record<string, string> = lastEventId ? { 'Last-Event-ID': lastEventId } : {};
      const { data } = await settle(
        api.GET('/v1/orders/{order_no}/stream', {
          params: { path: { order_no: orderNo } },
          headers: { ...authorization(orderNo), ...headers, Accept: 'text/event-stream' },
          parseAs: 'stream',
          signal,
        }),
      );
      if (!data) throw new ShopProblem(0, {});
      return data as ReadableStream<Uint8Array>;
    },
  };
}

type FetchAnswer<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

async function settle<T>(call: FetchAnswer<T>): Promise<{ data?: T; response: Response }> {
  let result;
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ShopProblem(0, {});
  }
  if (!result.response.ok) {
    const body = result.error;
    const problem = body !== null && typeof body === 'object' ? (body as ProblemBody) : {};
    throw new ShopProblem(result.response.status, problem, result.response.headers.get('Retry-After'));
  }
  return result;
}

async function answer<T>(call: FetchAnswer<T>): Promise<T> {
  const { data } = await settle(call);
  if (data === undefined) throw new ShopProblem(0, {});
  return data;
}
