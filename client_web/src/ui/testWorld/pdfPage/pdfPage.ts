/** The smallest page with the viewer in it: the end-to-end tests hand it documents of every kind. */

import { createApp, h, shallowReactive } from 'vue';

import { makeI18n } from '../../../i18n/language';
import { RoomFileRefused } from '../../../session/roomFiles';
import PdfView from '../../pdf/PdfView.vue';
import type { PdfSource } from '../../pdf/usePdf';
import '../../style.css';

/** What the test calls. */
interface PdfPage {
  readonly show: (bytes: readonly number[]) => void;
  /** As when the file cannot be had. */
  readonly fail: (code: string) => void;
  /** How often the last page of a document has been looked at. */
  readonly ends: number;
}

declare global {
  interface Window {
    pdfPage: PdfPage;
  }
}

const shown = shallowReactive<{ source: PdfSource | null; ends: number }>({ source: null, ends: 0 });

window.pdfPage = {
  show: (bytes) => {
    shown.source = Uint8Array.from(bytes);
  },
  fail: (code) => {
    shown.source = () => Promise.reject(new RoomFileRefused(code));
  },
  get ends() {
    return shown.ends;
  },
};

createApp(() => {
  const { source } = shown;
  return source && h(PdfView, { source, title: '评标报告', onEnd: () => (shown.ends += 1) });
})
  .use(makeI18n())
  .mount('#app');
