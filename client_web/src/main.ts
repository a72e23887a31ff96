/** Puts the page together. */

import { createApp, h } from 'vue';

createApp({ render: () => h('h1', document.title) }).mount('#app');
