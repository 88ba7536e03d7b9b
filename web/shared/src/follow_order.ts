import { type Order, type ShopClient, ShopProblem } from './client';
import { readEventStream } from './event_stream';

export type Connection =
  | { mode: 'connecting' }
  | { mode: 'live' }
  | { mode: 'reconnecting'; retryAt: number }
  | { mode: 'polling'; everyMs: number };

export type FollowOptions = {
  client: Pick<ShopClient, 'order' | 'stream'>;
  orderNo: string;
  onOrder: (order: Order) => void;
  onConnection: (connection: Connection) => void;
  // The order can not be opened (404): following has stopped.
  onRefused: (problem: ShopProblem) => void;
  random?: () => number;
  limits?: Partial<typeof followLimits>;
};

export const followLimits = {
  backoffBaseMs: 1_000,
  backoffMaxMs: 30_000,
  silenceMaxMs: 50_000, // The server sends a comment at least every 20 s.
  failuresBeforePolling: 2,
  pollEveryMs: 4_000,
};

// Full jitter: anywhere between nothing and the exponential bound.
export function backoffMs(failures: number, random: number, limits = followLimits): number {
  const bound = Math.min(limits.backoffMaxMs, limits.backoffBaseMs * 2 ** failures);
  return Math.floor(random * bound);
}

// Shows an order as it changes: by its stream, and by asking every few seconds while no stream can be had.
export class OrderFollower {
  private readonly limits: typeof followLimits;
  private readonly random: () => number;
  private stopped = false;
  private failures = 0;
  private version = 0;
  private attempt: AbortController | null = null;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private wakeSleeper: (() => void) | null = null;

  constructor(private readonly options: FollowOptions) {
    this.limits = { ...followLimits, ...options.limits };
    this.random = options.random ?? Math.random;
  }

  start(): void {
    this.options.onConnection({ mode: 'connecting' });
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.pollTimer);
    this.attempt?.abort();
    this.wakeSleeper?.();
  }

  // Called when the page is looked at again or the network is back: connects without waiting out the back-off.
  wake(): void {
    this.wakeSleeper?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.connectOnce();
      if (this.stopped) return;
      const wait = backoffMs(this.failures, this.random(), this.limits);
      if (this.failures >= this.limits.failuresBeforePolling) this.startPolling();
      else this.options.onConnection({ mode: 'reconnecting', retryAt: Date.now() + wait });
      await this.sleep(wait);
    }
  }

  private async connectOnce(): Promise<void> {
    const attempt = new AbortController();
    this.attempt = attempt;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => attempt.abort(), this.limits.silenceMaxMs);
    };
    heard();
    try {
      const lastEventId = this.version > 0 ? String(this.version) : null;
      const body = await this.options.client.stream(this.options.orderNo, lastEventId, attempt.signal);
      this.connected();
      await readEventStream(body, (event) => this.takeEvent(event.name, event.data), heard);
    } catch (cause) {
      this.refuseIfGone(cause);
    } finally {
      clearTimeout(silence);
      this.failures += 1;
    }
  }

  private connected(): void {
    this.failures = 0;
    clearTimeout(this.pollTimer);
    this.pollTimer = undefined;
    if (!this.stopped) this.options.onConnection({ mode: 'live' });
  }

  private takeEvent(name: string, data: string): void {
    if (name === 'order') this.take(JSON.parse(data) as Order);
  }

  private take(order: Order): void {
    if (this.stopped || order.version < this.version) return;
    this.version = order.version;
    this.options.onOrder(order);
  }

  private startPolling(): void {
    this.options.onConnection({ mode: 'polling', everyMs: this.limits.pollEveryMs });
    if (this.pollTimer !== undefined) return;
    const poll = async () => {
      try {
        this.take(await this.options.client.order(this.options.orderNo));
      } catch (cause) {
        this.refuseIfGone(cause);
      }
      if (!this.stopped && this.pollTimer !== undefined) {
        this.pollTimer = setTimeout(poll, this.limits.pollEveryMs);
      }
    };
    this.pollTimer = setTimeout(poll, 0);
  }

  private refuseIfGone(cause: unknown): void {
    if (this.stopped || !(cause instanceof ShopProblem) || cause.status !== 404) return;
    this.stop();
    this.options.onRefused(cause);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wakeSleeper = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.wakeSleeper = done;
    });
  }
}
