/** Puts the page together. */

import { createApp } from 'vue';

import { makeI18n } from './i18n/language';
import App from './ui/App.vue';
import './ui/style.css';

createApp(App).use(makeI18n()).mount('#app');
