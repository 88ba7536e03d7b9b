import { splitDuration } from '@daozhang/shared';
import { i18n } from '../language';

export function durationText(seconds: number): string {
  const { count, unit } = splitDuration(seconds);
  return i18n.global.t(`duration.${unit}`, { count }, count);
}
