import { describe, expect, it, test } from 'vitest';

import {
  matchPdfs,
  PDF_SIZE_LIMIT,
  pdfsToSend,
  shownSize,
  sizeOf,
  unusedCount,
  withMore,
  type ChosenPdf,
} from './bidPdfs';
import type { WantedFile } from './tenders';

function wanted(file: string, bid = 'A'): WantedFile {
  return { lot: 'L1', bid, title: '技术标', file };
}

function pdf(path: string, size = 4): ChosenPdf {
  return { path, file: new Blob([new Uint8Array(size)]) };
}

function states(names: readonly string[], paths: readonly string[]): string[] {
  return matchPdfs(
    names.map((name) => wanted(name)),
    paths.map((path) => pdf(path)),
  ).map(({ match }) => ('pdf' in match ? match.pdf.path : match.state));
}

describe('a file that the tender names', () => {
  it('is found by its name, wherever it lay', () => {
    expect(states(['bids/A.pdf', 'bids/B.pdf'], ['B.pdf', 'C.pdf', 'A.pdf'])).toEqual(['A.pdf', 'B.pdf']);
  });

  it('is told from one of the same name by its folders', () => {
    const paths = ['download/A/tech.pdf', 'download/B/tech.pdf'];

    expect(states(['A/tech.pdf', 'B/tech.pdf'], paths)).toEqual(paths);
  });

  it('is missing as long as no PDF has its name', () => {
    expect(states(['bids/A.pdf', 'bids/B.pdf'], ['bids/A.pdf', 'bids/B (1).pdf'])).toEqual(['bids/A.pdf', 'missing']);
  });

  it('is not guessed among several', () => {
    expect(states(['A.pdf'], ['x/A.pdf', 'y/A.pdf'])).toEqual(['ambiguous']);
    expect(states(['A/tech.pdf', 'B/tech.pdf'], ['tech.pdf'])).toEqual(['ambiguous', 'ambiguous']);
  });

  it('may be the same for two bids', () => {
    expect(states(['proofs.pdf', 'proofs.pdf'], ['proofs.pdf'])).toEqual(['proofs.pdf', 'proofs.pdf']);
  });

  it('is found whatever way its characters are written', () => {
    expect(states(['标书/É.PDF'], ['标书/e\u0301.pdf'])).toEqual(['标书/e\u0301.pdf']);
  });

  it('is not sent where it is too large', () => {
    const [large, fitting] = matchPdfs(
      [wanted('a.pdf'), wanted('b.pdf')],
      [pdf('a.pdf', PDF_SIZE_LIMIT + 1), pdf('b.pdf', PDF_SIZE_LIMIT)],
    );

    expect([large?.match.state, fitting?.match.state]).toEqual(['too_large', 'found']);
  });
});

test('files are sent once each and only when none lacks its PDF', () => {
  const chosen = [pdf('a.pdf', 3), pdf('b.pdf', 5), pdf('other.pdf', 7)];
  const whole = matchPdfs([wanted('x/a.pdf'), wanted('x/b.pdf', 'B'), wanted('x/a.pdf', 'C')], chosen);
  const lacking = matchPdfs([wanted('a.pdf'), wanted('c.pdf')], chosen);

  expect([...(pdfsToSend(whole) ?? [])].map(([name, { size }]) => [name, size])).toEqual([
    ['x/a.pdf', 3],
    ['x/b.pdf', 5],
  ]);
  expect([sizeOf(whole), unusedCount(whole, chosen)]).toEqual([8, 1]);
  expect([pdfsToSend(lacking), sizeOf(lacking), unusedCount(lacking, chosen)]).toEqual([null, 3, 2]);
});

test('a PDF that is chosen again replaces the earlier one', () => {
  const more = withMore([pdf('a.pdf', 1), pdf('b.pdf', 2)], [pdf('a.pdf', 9), pdf('c.pdf', 3)]);

  expect(more.map(({ path, file }) => [path, file.size])).toEqual([
    ['a.pdf', 9],
    ['b.pdf', 2],
    ['c.pdf', 3],
  ]);
});

test('a size is told in megabytes, and none is nothing', () => {
  expect([0, 52_428, 1_572_864, PDF_SIZE_LIMIT].map(shownSize)).toEqual(['0.1 MB', '0.1 MB', '1.5 MB', '20.0 MB']);
});
