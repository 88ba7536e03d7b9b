import { i18n } from '../language';

export function reasonText(reason: string): string {
  const { t, te } = i18n.global;
  const key = `reason.${reason}`;
  return te(key) || te(key, 'zh-CN') ? t(key) : t('reason.other', { reason });
}
