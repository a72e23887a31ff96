import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'chrome109', // the last Chromium for Windows 7, still found at county sites
  },
  test: {
    testTimeout: 30_000, // the tests of the server have the cores first
    css: true, // the style's own test reads it
    include: ['{src,lint}/**/*.test.ts'],
  },
});
