import { type Connection, type Order, OrderFollower, type ShopProblem } from '@daozhang/shared';
import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { language } from '../language';
import { shop } from '../shop';

export type LiveOrder = {
  order: Ref<Order | null>;
  connection: Ref<Connection>;
  refused: Ref<ShopProblem | null>;
  changedAt: Ref<number>;
  reopen: () => void;
};

// Follows one order for as long as its page is open.
export function useOrder(orderNo: Ref<string>): LiveOrder {
  const order = ref<Order | null>(null);
  const connection = ref<Connection>({ mode: 'connecting' });
  const refused = ref<ShopProblem | null>(null);
  const changedAt = ref(0);
  let follower: OrderFollower | null = null;

  const reopen = (): void => {
    follower?.stop();
    refused.value = null;
    follower = new OrderFollower({
      client: shop,
      orderNo: orderNo.value,
      onOrder: (next) => {
        order.value = next;
        changedAt.value = Date.now();
      },
      onConnection: (next) => (connection.value = next),
      onRefused: (problem) => (refused.value = problem),
    });
    follower.start();
  };

  const wake = (): void => {
    if (document.visibilityState === 'visible') follower?.wake();
  };
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  watch(orderNo, () => {
    order.value = null;
    reopen();
  });
  watch(language, reopen);
  reopen();
  onScopeDispose(() => {
    follower?.stop();
    document.removeEventListener('visibilitychange', wake);
    removeEventListener('online', wake);
  });
  return { order, connection, refused, changedAt, reopen };
}
