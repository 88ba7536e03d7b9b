import type { Refund } from '@daozhang/shared';

// The shop's staff gave it back another way than through the channel.
export function wentByHand(refund: Refund): boolean {
  return refund.state === 'settled' && refund.accepted_at === null;
}
