/** A document from its bytes to its pages: loading, there, or not to be shown. */

import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';

import { ReportFalse } from '../../session/reportSignature';
import { RoomFileRefused, type FileProgress } from '../../session/roomFiles';
import type { PageSize } from './pageLayout';
import type { PdfDocument } from './pdfLibrary';

/** What a document is shown from: its bytes, or the way to get them. */
export type PdfSource = Uint8Array | ((onProgress: FileProgress) => Promise<Uint8Array>);

export type PdfState =
  | { readonly state: 'loading'; readonly part: number }
  | { readonly state: 'there'; readonly document: PdfDocument; readonly sizes: readonly PageSize[] }
  | { readonly state: 'failed'; readonly problem: PdfProblem };

/** `altered` is an alarm: what came is not what the record names. */
export type PdfProblem = 'altered' | 'missing' | 'unreachable' | 'unreadable';

const PROBLEMS: Readonly<Record<string, PdfProblem>> = {
  file_altered: 'altered',
  file_missing: 'missing',
  file_unknown: 'missing',
};

/** Why a document is not shown. */
export function problemOf(error: unknown): PdfProblem {
  if (error instanceof ReportFalse) return 'altered';
  if (!(error instanceof RoomFileRefused)) return 'unreadable';
  return PROBLEMS[error.code] ?? 'unreachable';
}

export interface ShownPdf {
  readonly state: ShallowRef<PdfState>;
  /** Loads it again. */
  readonly reload: () => void;
  /** Learns the true size of a page, which is taken for one like the first until then. */
  readonly measure: (page: number) => Promise<void>;
}

/** Shows whatever the source is now; an earlier document is closed. */
export function usePdf(source: () => PdfSource): ShownPdf {
  const state = shallowRef<PdfState>({ state: 'loading', part: 0 });
  let turn = 0;
  let open: PdfDocument | null = null;

  function close(): void {
    turn += 1;
    open?.close();
    open = null;
  }

  async function load(): Promise<void> {
    close();
    const mine = turn;
    const isOver = (): boolean => mine !== turn;
    state.value = { state: 'loading', part: 0 };
    try {
      const bytes = await bytesOf(source(), (part) => {
        if (!isOver()) state.value = { state: 'loading', part };
      });
      if (isOver()) return;
      const { openPdf } = await import('./pdfLibrary');
      const document = await openPdf(bytes);
      if (isOver()) {
        document.close();
        return;
      }
      open = document;
      const first = await document.sizeOf(1);
      if (isOver()) return;
      state.value = { state: 'there', document, sizes: Array<PageSize>(document.pageCount).fill(first) };
    } catch (error) {
      if (!isOver()) state.value = { state: 'failed', problem: problemOf(error) };
    }
  }

  async function measure(page: number): Promise<void> {
    const before = state.value;
    if (before.state !== 'there') return;
    const size = await before.document.sizeOf(page);
    const now = state.value;
    if (now.state !== 'there' || now.document !== before.document) return;
    const known = now.sizes[page - 1];
    if (known?.width === size.width && known.height === size.height) return;
    state.value = { ...now, sizes: now.sizes.map((each, index) => (index === page - 1 ? size : each)) };
  }

  watch(source, () => void load(), { immediate: true });
  onScopeDispose(close);
  return { state, reload: () => void load(), measure };
}

function bytesOf(source: PdfSource, onProgress: FileProgress): Promise<Uint8Array> {
  return source instanceof Uint8Array ? Promise.resolve(source) : source(onProgress);
}
