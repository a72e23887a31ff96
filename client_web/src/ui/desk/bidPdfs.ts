/** Which chosen PDF is which of those that a tender names: by the end of its path, for folders travel with some browsers only. */

import type { WantedFile } from './tenders';

/** A PDF from the operator's disk. */
export interface ChosenPdf {
  /** As far as the browser tells it, with `/`; at least the name. */
  readonly path: string;
  readonly file: Blob;
}

/** `ambiguous`: several PDFs, or the same one for several names, fit equally well. */
export type PdfMatch =
  | { readonly state: 'found'; readonly pdf: ChosenPdf }
  | { readonly state: 'too_large'; readonly pdf: ChosenPdf }
  | { readonly state: 'missing' | 'ambiguous' };

export interface MatchedFile {
  readonly wanted: WantedFile;
  readonly match: PdfMatch;
}

/** Bytes. Source: `server/tender/bid_files.py`. */
export const PDF_SIZE_LIMIT = 20 * 1024 * 1024;
export const PDFS_SIZE_LIMIT = 200 * 1024 * 1024;

/** Each file that the tender names, with the PDF for it. */
export function matchPdfs(wanted: readonly WantedFile[], chosen: readonly ChosenPdf[]): MatchedFile[] {
  const names = [...new Set(wanted.map(({ file }) => file))];
  const best = new Map(names.map((name) => [name, bestFor(name, chosen)]));
  return wanted.map((each) => ({ wanted: each, match: matchOf(best.get(each.file) ?? [], best) }));
}

function matchOf(mine: readonly ChosenPdf[], all: ReadonlyMap<string, readonly ChosenPdf[]>): PdfMatch {
  const [pdf] = mine;
  if (pdf === undefined) return { state: 'missing' };
  const isShared = [...all.values()].filter((pdfs) => pdfs.includes(pdf)).length > 1;
  if (mine.length > 1 || isShared) return { state: 'ambiguous' };
  return { state: pdf.file.size > PDF_SIZE_LIMIT ? 'too_large' : 'found', pdf };
}

/** The PDFs whose path has most in common with a name, from the end; those that agree in the last part at least. */
function bestFor(name: string, chosen: readonly ChosenPdf[]): ChosenPdf[] {
  const scored = chosen.map((pdf) => ({ pdf, common: commonParts(pdf.path, name) }));
  const most = Math.max(0, ...scored.map(({ common }) => common));
  return most === 0 ? [] : scored.filter(({ common }) => common === most).map(({ pdf }) => pdf);
}

function commonParts(path: string, name: string): number {
  const [one, other] = [partsOf(path), partsOf(name)];
  let common = 0;
  while (common < one.length && common < other.length && one[common] === other[common]) common += 1;
  return common;
}

/** From the end; as systems compare names that write the same character in two ways, or care nothing for capitals. */
function partsOf(path: string): string[] {
  return path.normalize('NFC').toLowerCase().split('/').reverse();
}

/** The files to send, each once under the name it has in the tender; null while one lacks its PDF. */
export function pdfsToSend(matched: readonly MatchedFile[]): ReadonlyMap<string, Blob> | null {
  const pdfs = new Map<string, Blob>();
  for (const { wanted, match } of matched) {
    if (match.state !== 'found') return null;
    pdfs.set(wanted.file, match.pdf.file);
  }
  return pdfs;
}

/** Bytes of all PDFs that are found. */
export function sizeOf(matched: readonly MatchedFile[]): number {
  const found = new Map(
    matched.flatMap(({ wanted, match }) => ('pdf' in match ? [[wanted.file, match.pdf.file.size] as const] : [])),
  );
  return [...found.values()].reduce((sum, size) => sum + size, 0);
}

/** How many of the chosen PDFs have a name that the tender does not know. */
export function unusedCount(matched: readonly MatchedFile[], chosen: readonly ChosenPdf[]): number {
  const known = new Set(matched.map(({ wanted }) => partsOf(wanted.file)[0]));
  const names = new Set(chosen.map(({ path }) => partsOf(path)[0]));
  return [...names].filter((name) => !known.has(name)).length;
}

/** The chosen PDFs with more of them; one of the same path replaces the earlier. */
export function withMore(chosen: readonly ChosenPdf[], more: readonly ChosenPdf[]): ChosenPdf[] {
  return [...new Map([...chosen, ...more].map((pdf) => [pdf.path, pdf])).values()];
}

/** A size as people read it. */
export function shownSize(bytes: number): string {
  return `${Math.max(bytes / (1024 * 1024), 0.1).toFixed(1)} MB`;
}
