// Sums and moments as a buyer reads them. Moments are shown in the buyer's own time zone.

export function formatMoney(minor: number, currency: string, language: string): string {
  const style: Intl.NumberFormatOptions = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' };
  const format = new Intl.NumberFormat(language, style);
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits);
}

function sameDay(left: Date, right: Date): boolean {
  return left.toDateString() === right.toDateString();
}

// "21:14:05" today, "11月22日 21:14:05" on another day.
export function formatMoment(instant: string | number | Date, language: string, now = new Date()): string {
  const moment = new Date(instant);
  const clock: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  };
  if (sameDay(moment, now)) return new Intl.DateTimeFormat(language, clock).format(moment);
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...clock }).format(moment);
}

const minute = 60_000;
const near = 10 * minute;

// What we promise by: to the second when it is near, else in whole minutes, rounded up, so never earlier than what is promised.
export function formatDeadline(instant: string, language: string, now = new Date()): string {
  return formatLimit(instant, language, now, Math.ceil);
}

// What the buyer has to do by, such as paying: rounded down, so never later than what still counts.
export function formatPayBy(instant: string, language: string, now = new Date()): string {
  return formatLimit(instant, language, now, Math.floor);
}

function formatLimit(instant: string, language: string, now: Date, round: (minutes: number) => number): string {
  const exact = Date.parse(instant);
  if (Math.abs(exact - now.getTime()) < near) return formatMoment(exact, language, now);
  const moment = new Date(round(exact / minute) * minute);
  const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (sameDay(moment, now)) return new Intl.DateTimeFormat(language, clock).format(moment);
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', ...clock }).format(moment);
}

// With the date, for details: "2026年11月22日 21:14:05".
export function formatFull(instant: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant));
}

// "0:59", "14:32", "1:59:07"; nothing below zero.
export function formatCountdown(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = two(total % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

// The largest whole unit that says it exactly: 60 s, 30 min, 2 h.
export function splitDuration(seconds: number): { count: number; unit: 'seconds' | 'minutes' | 'hours' } {
  if (seconds >= 3600 && seconds % 3600 === 0) return { count: seconds / 3600, unit: 'hours' };
  if (seconds > 60 && seconds % 60 === 0) return { count: seconds / 60, unit: 'minutes' };
  return { count: seconds, unit: 'seconds' };
}
