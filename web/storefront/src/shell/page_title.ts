import { watchEffect } from 'vue';
import { i18n } from '../language';

// Names the page in the browser's tab, in the language of the moment, as long as the component lives. Every page calls it.
export function usePageTitle(page: () => string | undefined): void {
  const { t } = i18n.global;
  watchEffect(() => {
    const name = page();
    document.title = name ? `${name} · ${t('shop.name')}` : t('shop.name');
  });
}
