// Whether an order came in time, by the buyer's own clock: two looks enclose the moment at which the shop knew of the
// payment, two more the moment at which the last unit ended. What the shop says about it must lie between.

// The shop's clock and ours are those of one machine.
const toleranceMs = 1_000;
// What happens at the promised moment is in time.
const graceMs = 1_000;
// Shortly before that moment an order that nobody has finished is called off, so that it can be given back in time.
const callOffMaxMs = 30_000;

const stageOf = (view, wanted) => view.stages.find(({ name }) => name === wanted);
const hasEnded = ({ state }) => state === 'delivered' || state === 'failed';

export class Punctuality {
  // The promise runs from the moment at which the shop knows of the payment, and ends with that of the last moment to
  // pay if that comes first; a payment that is known only after that has all of it again.
  constructor(promiseSeconds, payBy, placedAt) {
    this.promiseMs = promiseSeconds * 1_000;
    this.payBy = payBy;
    this.unpaidAt = placedAt; // Of the latest look that showed it unpaid.
    this.paidAt = null; // Of the first that showed it paid.
    this.openAt = 0; // Of the latest look that showed a unit open.
    this.endedAt = null; // Of the first that showed none.
  }

  seen(view, askedAt, answeredAt) {
    if (stageOf(view, 'paid').state !== 'done') this.unpaidAt = Math.max(this.unpaidAt, askedAt);
    else this.paidAt ??= answeredAt;
    if (!view.units.every(hasEnded)) this.openAt = Math.max(this.openAt, askedAt);
    else this.endedAt ??= answeredAt;
  }

  dueAfter(paidAt) {
    const frozen = this.payBy + this.promiseMs;
    const due = paidAt + this.promiseMs;
    return paidAt < frozen ? Math.min(due, frozen) : due;
  }

  get callOffMs() {
    return Math.min(callOffMaxMs, this.promiseMs / 5);
  }

  // Of a paid order that has ended. → { isLate, as the shop says; problem, or null }.
  judge(view) {
    const { ended_at: endedAt, due_at: dueAt } = stageOf(view, 'fulfilling');
    const lateMs = Date.parse(endedAt) - Date.parse(dueAt);
    const least = this.openAt - this.dueAfter(this.paidAt);
    const most = this.endedAt - this.dueAfter(this.unpaidAt);
    const words = `it says that it ended ${lateMs} ms after the promised moment`;
    let problem = null;
    if (lateMs < least - toleranceMs) problem = `${words}, but it was open ${least} ms after it`;
    if (lateMs > most + toleranceMs) problem = `${words}, but it had ended ${most} ms after it`;
    if (view.units.some(({ reason }) => reason === 'deadline_missed') && most < -this.callOffMs - toleranceMs)
      problem = `it was given up ${-most} ms before the promised moment`;
    return { isLate: lateMs > graceMs, problem };
  }
}
