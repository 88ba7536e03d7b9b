import { formatDeadline, formatPayBy, formatMoment, formatMoney, type Order, type Refund } from '@daozhang/shared';
import { channelName, partyName } from '../channels';
import { i18n, language } from '../language';
import { reasonText } from './reason_text';
import { wentByHand } from './refunds';

export type Tone = 'good' | 'waiting' | 'alarm' | 'plain';
export type Headline = { title: string; what: string; tone: Tone; countdownTo: string | null; countdownFor: string };

const quiet = { countdownTo: null, countdownFor: '' };

// The state in one sentence: what has happened, what is next, and when.
export function headlineOf(order: Order, now: number): Headline {
  const { t } = i18n.global;
  const at = (instant: string) => formatDeadline(instant, language.value);
  const payBy = (instant: string) => formatPayBy(instant, language.value);
  const arriveBy = arrivalLimit(order);
  const deadline = at(arriveBy);
  const arrival = { countdownTo: arriveBy, countdownFor: t('headline.until_deadline') };
  const title = t(`headline.${order.state}.title`);
  const say = (values: Record<string, string | number> = {}, key = 'what') =>
    t(`headline.${order.state}.${key}`, { deadline, ...values });

  switch (order.state) {
    case 'awaiting_payment':
      if (now > Date.parse(order.promise.pay_by)) {
        return { title: t('headline.awaiting_payment.title_over'), what: say({}, 'what_over'), tone: 'waiting', ...quiet };
      }
      return {
        title,
        what: say({ pay_by: payBy(order.promise.pay_by) }),
        tone: 'waiting',
        countdownTo: order.promise.pay_by,
        countdownFor: t('headline.until_pay_by'),
      };
    case 'paid':
      return { title, what: say(), tone: 'waiting', ...arrival };
    case 'in_review':
      return { title, what: say({ due: at(reviewDue(order)) }), tone: 'waiting', ...arrival };
    case 'fulfilling': {
      const party = fulfillingParty(order);
      const kindTitle = t(`headline.fulfilling.${order.kind}`);
      const what = party ? say({ party: partyName(party) }, 'what_party') : say();
      return { title: kindTitle, what, tone: 'waiting', ...arrival };
    }
    case 'delivered':
      return { title, what: say({ time: deliveredAt(order) }, order.kind), tone: 'good', ...quiet };
    case 'partially_delivered': {
      const done = order.units.filter((unit) => unit.state === 'delivered').length;
      return { title, what: say({ done, total: order.units.length }), tone: 'plain', ...quiet };
    }
    case 'giving_back':
      return { title, what: refundSentence(order), tone: 'waiting', ...quiet };
    case 'given_back': {
      const returned = returnedMoney(order);
      if (!order.refunds.some(wentByHand)) return { title, what: say(returned), tone: 'plain', ...quiet };
      return { title: t('headline.given_back.title_by_hand'), what: say(returned, 'what_by_hand'), tone: 'plain', ...quiet };
    }
    case 'expired':
      return { title, what: say({ pay_by: payBy(order.promise.pay_by) }), tone: 'plain', ...quiet };
  }
}

// Once paid, the time runs from the payment and ends before the promised moment or at it.
function arrivalLimit(order: Order): string {
  return order.stages.find((stage) => stage.name === 'delivered')?.due_at ?? order.promise.deadline;
}

function fulfillingParty(order: Order): string | null {
  const waits = order.stages.find((stage) => stage.state === 'current')?.waits_for ?? null;
  return waits?.includes(':') ? waits : null;
}

function reviewDue(order: Order): string {
  return order.stages.find((stage) => stage.name === 'review')?.due_at ?? order.promise.deadline;
}

function deliveredAt(order: Order): string {
  const moments = order.units.flatMap((unit) => (unit.delivered_at ? [unit.delivered_at] : []));
  const last = moments.sort((left, right) => Date.parse(left) - Date.parse(right)).at(-1);
  return last ? formatMoment(last, language.value) : '';
}

function openRefund(order: Order): Refund | undefined {
  const open = order.refunds.filter((refund) => refund.state !== 'settled' && refund.state !== 'accepted');
  return open.sort((left, right) => Date.parse(left.accept_by) - Date.parse(right.accept_by))[0];
}

function refundChannel(order: Order): string {
  const channel = order.refunds[0]?.channel ?? order.payment?.channel;
  return channel ? channelName(channel) : '';
}

// All of them together, at the moment of the last.
function returnedMoney(order: Order): { channel: string; amount: string; time: string } {
  const returned = order.refunds.filter((refund) => refund.accepted_at !== null || wentByHand(refund));
  const sum = returned.reduce((total, refund) => total + refund.amount_minor, 0);
  const last = Math.max(...returned.map((refund) => Date.parse(refund.accepted_at ?? refund.settled_at ?? '')));
  return {
    channel: refundChannel(order),
    amount: formatMoney(sum, order.currency, language.value),
    time: Number.isFinite(last) ? formatMoment(last, language.value) : '',
  };
}

function refundSentence(order: Order): string {
  const refund = openRefund(order);
  const { t } = i18n.global;
  if (!refund) return t('headline.giving_back.what_taken', { channel: refundChannel(order) });
  const values = {
    channel: channelName(refund.channel),
    reason: reasonText(refund.reason),
    amount: formatMoney(refund.amount_minor, refund.currency, language.value),
    time: formatDeadline(refund.accept_by, language.value),
  };
  return t(refund.state === 'refused' ? 'headline.giving_back.what_person' : 'headline.giving_back.what', values);
}
