import { formatDeadline, ShopProblem } from '@daozhang/shared';
import { i18n, language } from './language';

// What happened and what to do about it: our own text for names that we know, else the server's.
export function problemText(cause: unknown): string {
  const { t, te } = i18n.global;
  if (!(cause instanceof ShopProblem)) return t('problem.unexpected');
  const key = `problem.${cause.code}`;
  const time = cause.retryAt ? formatDeadline(cause.retryAt.toISOString(), language.value) : '';
  if (te(key) || te(key, 'zh-CN')) return t(key, { time });
  if (cause.detail) return cause.detail;
  return cause.status >= 500 ? t('problem.server') : t('problem.refused', { code: cause.code });
}

// Texts by field path, for inline display; `target.` is kept in the path.
export function fieldProblems(cause: unknown): Record<string, string> {
  if (!(cause instanceof ShopProblem)) return {};
  const found: Record<string, string> = {};
  for (const error of cause.errors) found[error.field] ??= fieldText(error.code, error.detail);
  if (cause.field) found[cause.field] ??= fieldText(cause.code, cause.detail);
  return found;
}

function fieldText(code: string, detail: string | undefined): string {
  const { t, te } = i18n.global;
  const key = `field.${code}`;
  if (te(key) || te(key, 'zh-CN')) return t(key);
  return detail ?? t('field.invalid');
}
