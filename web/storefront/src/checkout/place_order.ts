import { backoffMs, type OrderRequest, type PlacedOrder, ShopProblem } from '@daozhang/shared';
import { shop } from '../shop';
import { idempotencyKeyFor } from './checkout_draft';

const attemptsMax = 5;

// Sends the order until it is answered; every attempt carries the same key, so that at most one order comes of it.
export async function placeOrder(request: OrderRequest, onRetry: (count: number) => void): Promise<PlacedOrder> {
  const key = idempotencyKeyFor(request);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await shop.placeOrder(request, key);
    } catch (cause) {
      const again = cause instanceof ShopProblem && cause.retryCanHelp && attempt < attemptsMax;
      if (!again) throw cause;
      onRetry(attempt);
      await new Promise((resolve) => setTimeout(resolve, 300 + backoffMs(attempt, Math.random())));
    }
  }
}
