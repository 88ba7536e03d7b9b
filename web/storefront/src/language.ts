import { Locale } from 'vant';
import enUS from 'vant/es/locale/lang/en-US';
import zhCN from 'vant/es/locale/lang/zh-CN';
import { computed, watch } from 'vue';
import { createI18n } from 'vue-i18n';
import en from './messages/en.json';
import zh from './messages/zh-CN.json';

export type Language = 'zh-CN' | 'en';
const storageKey = 'daozhang.language';

function firstLanguage(): Language {
  const stored = localStorage.getItem(storageKey);
  if (stored === 'en' || stored === 'zh-CN') return stored;
  for (const wanted of navigator.languages) {
    if (wanted.startsWith('zh')) return 'zh-CN';
    if (wanted.startsWith('en')) return 'en';
  }
  return 'zh-CN';
}

export const i18n = createI18n({
  legacy: false,
  locale: firstLanguage() as string,
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh, en },
});

export const language = computed<Language>({
  get: () => i18n.global.locale.value as Language,
  set: (value) => {
    i18n.global.locale.value = value;
    localStorage.setItem(storageKey, value);
  },
});

watch(
  language,
  (value) => {
    document.documentElement.lang = value;
    if (value === 'en') Locale.use('en-US', enUS);
    else Locale.use('zh-CN', zhCN);
  },
  { immediate: true },
);
