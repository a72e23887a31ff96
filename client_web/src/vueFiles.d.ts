/** What the linter, which does not read `.vue` files, takes them for; `vue-tsc` knows their real types. */

declare module '*.vue' {
  import type { Component } from 'vue';

  const component: Component;
  export default component;
}
