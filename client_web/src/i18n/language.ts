/** Which language the page speaks: Chinese unless the person has chosen English on this machine. */

import { createI18n } from 'vue-i18n';

import { en } from './en';
import { zhCN } from './zhCN';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT_UNDER = 'lianping.language';

/** The translations for a Vue application, and the way to change the language. */
export function makeI18n() {
  const i18n = createI18n({
    legacy: false,
    locale: keptLanguage(),
    fallbackLocale: false,
    messages: { 'zh-CN': zhCN, en },
  });
  document.documentElement.lang = i18n.global.locale.value;
  return i18n;
}

/** Keeps the choice for the next visit. */
export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT_UNDER, language);
  document.documentElement.lang = language;
}

function keptLanguage(): Language {
  return localStorage.getItem(KEPT_UNDER) === 'en' ? 'en' : 'zh-CN';
}
