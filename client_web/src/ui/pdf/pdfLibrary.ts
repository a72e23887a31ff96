/**
 * The one file that knows pdf.js (4.10, the legacy build: Chromium 109 lacks what the other one uses).
 *
 * It is loaded when the first document is looked at. Its worker comes from our own origin, nothing is evaluated, and
 * scripts inside a document are never run.
 */

import {
  AnnotationMode,
  getDocument,
  PDFWorker,
  RenderingCancelledException,
  TextLayer,
  type PDFDocumentProxy,
  type PDFPageProxy,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import Worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?worker';

import type { PageSize } from './pageLayout';

/** A page's two faces: what is seen, and what can be selected and is read aloud. */
export interface PageSurface {
  readonly canvas: HTMLCanvasElement;
  readonly text: HTMLElement;
}

/** A page that is being drawn. */
export interface Drawing {
  /** Resolves when the page is there, or the drawing was stopped. */
  readonly done: Promise<void>;
  readonly stop: () => void;
}

/** An open document; pages count from 1. */
export interface PdfDocument {
  readonly pageCount: number;
  readonly sizeOf: (page: number) => Promise<PageSize>;
  /** Draws a page so many CSS pixels wide, with the appearance of its signatures and other fields. */
  readonly draw: (page: number, surface: PageSurface, width: number) => Drawing;
  readonly close: () => void;
}

/**
 * The character maps of Chinese documents that refer to them by name, as files of this build.
 *
 * Never inside the script: the page's policy lets nothing be fetched but from our origin.
 */
const MAPS = import.meta.glob<string>('../../../node_modules/pdfjs-dist/cmaps/*GB*.bcmap', {
  query: '?url&no-inline',
  import: 'default',
  eager: true,
});

class ChineseMaps {
  async fetch({ name }: { readonly name: string }): Promise<{ cMapData: Uint8Array; isCompressed: boolean }> {
    const path = Object.keys(MAPS).find((each) => each.endsWith(`/${name}.bcmap`));
    if (path === undefined) throw new Error(`There is no character map ${name}.`);
    const answer = await fetch(MAPS[path] ?? '');
    return { cMapData: new Uint8Array(await answer.arrayBuffer()), isCompressed: true };
  }
}

/** So many pixels at most are kept of one page: what a weak machine still draws. */
const PIXEL_LIMIT = 16_000_000;

/**
 * Opens a document.
 *
 * @throws whatever pdf.js throws for bytes that are no document it can show.
 */
export async function openPdf(bytes: Uint8Array): Promise<PdfDocument> {
  const port = new Worker();
  const worker = new PDFWorker({ port: port as unknown as null }); // its types say null alone
  const loading = getDocument({
    data: bytes.slice(), // the worker takes them away
    worker,
    CMapReaderFactory: ChineseMaps,
    isEvalSupported: false,
    useWorkerFetch: false,
    enableXfa: false,
  });
  const close = (): void => {
    void loading.destroy().finally(() => {
      port.terminate();
    });
  };
  try {
    return pdfDocument(await loading.promise, close);
  } catch (error) {
    close();
    throw error;
  }
}

function pdfDocument(document: PDFDocumentProxy, close: () => void): PdfDocument {
  return {
    pageCount: document.numPages,
    sizeOf: async (number) => {
      const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 });
      return { width, height };
    },
    draw: (number, surface, width) => draw(document.getPage(number), surface, width),
    close,
  };
}

function draw(asked: Promise<PDFPageProxy>, surface: PageSurface, width: number): Drawing {
  let isStopped = false;
  let stopDrawing: (() => void) | null = null;

  async function run(): Promise<void> {
    const page = await asked;
    if (isStopped) return;
    const rendering = renderPage(page, surface.canvas, width);
    const text = textLayer(page, surface.text, width);
    stopDrawing = () => {
      rendering.cancel();
      text.cancel();
    };
    await Promise.all([rendering.promise, text.render()]);
  }

  return {
    done: run().catch((error: unknown) => {
      const isCancelled = error instanceof RenderingCancelledException || isStopped;
      if (!isCancelled) throw error;
    }),
    stop: () => {
      isStopped = true;
      stopDrawing?.();
    },
  };
}

/** Draws everything that is seen; the fields of a form as they look, and none to fill in. */
function renderPage(page: PDFPageProxy, canvas: HTMLCanvasElement, width: number): ReturnType<PDFPageProxy['render']> {
  const whole = page.getViewport({ scale: 1 });
  const scale = width / whole.width;
  const sharp = Math.min(devicePixelRatio, Math.sqrt(PIXEL_LIMIT / (whole.width * whole.height)) / scale);
  const viewport = page.getViewport({ scale: scale * sharp });
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  const canvasContext = canvas.getContext('2d');
  if (canvasContext === null) throw new TypeError('This browser draws no canvas.');
  return page.render({ canvasContext, viewport, annotationMode: AnnotationMode.ENABLE });
}

function textLayer(page: PDFPageProxy, container: HTMLElement, width: number): TextLayer {
  const scale = width / page.getViewport({ scale: 1 }).width;
  container.replaceChildren();
  container.style.setProperty('--scale-factor', String(scale));
  return new TextLayer({
    textContentSource: page.streamTextContent(),
    container,
    viewport: page.getViewport({ scale }),
  });
}
