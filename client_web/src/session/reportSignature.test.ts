import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it, test } from 'vitest';

import { checkBase, checkPrepared } from './reportSignature';
import { bytes, FIRST, SECOND, text, type Turn } from './testWorld/signatureVector';

const check = ({ answer, base, signer }: Turn) => checkPrepared(answer, base, signer);

/** A server that lies in what it appends, and states a digest and a range that go with it. */
function lying(turn: Turn, change: (tail: string) => string): Turn {
  const before = atob(turn.answer.tail);
  const tail = change(before);
  if (tail === before) throw new Error('The lie changes nothing.');
  const size = turn.base.latest.length;
  const first = size + tail.indexOf('/Contents <') + '/Contents '.length;
  const second = size + tail.indexOf('>', first - size) + 1;
  const ranged = tail.replace(/\/ByteRange \[0 \d+ \d+ \d+\]/, (range) =>
    `/ByteRange [0 ${first} ${second} ${size + tail.length - second}]`.padEnd(range.length),
  );
  const answer = { ...turn.answer, tail: btoa(ranged), byte_range: [0, first, second, size + tail.length - second] };
  return rehashed({ ...turn, answer });
}

/** The same answer with the digest over its range in the attributes. */
function rehashed(turn: Turn): Turn {
  const whole = concatBytes(turn.base.latest, bytes(turn.answer.tail));
  const [, first = 0, second = 0] = turn.answer.byte_range;
  const digest = bytesToHex(sha256(concatBytes(whole.subarray(0, first), whole.subarray(second))));
  const attributes = bytesToHex(bytes(turn.answer.attributes)).replace(turn.document, digest);
  return { ...turn, document: digest, answer: { ...turn.answer, attributes: text(hexToBytes(attributes)) } };
}

/** The same answer with other attributes, in hexadecimal digits. */
function attributed(turn: Turn, change: (hex: string) => string): Turn {
  const before = bytesToHex(bytes(turn.answer.attributes));
  const hex = change(before);
  if (hex === before) throw new Error('The lie changes nothing.');
  return { ...turn, answer: { ...turn.answer, attributes: text(hexToBytes(hex)) } };
}

const answering = (turn: Turn, change: Record<string, unknown>) => () =>
  checkPrepared({ ...turn.answer, ...change }, turn.base, turn.signer);

describe('an honest revision', () => {
  it.each([
    ['the first', FIRST],
    ['the second', SECOND],
  ])('of %s member is found to be what it is', (_, turn) => {
    expect(check(turn)).toEqual({ attributes: bytes(turn.answer.attributes), document: turn.document });
  });

  it('is accepted by the checks of these tests, which change it and put it right again', () => {
    const honest = lying(FIRST, (tail) => tail.replace('/M (D', '/M (E'));

    expect(check(honest).document).toBe(honest.document);
  });
});

describe('a server that appends something else', () => {
  const page = '20 0 obj\n<<\n/Type /Page\n/Contents 45 0 R\n>>\nendobj\n';

  it.each<[string, (tail: string) => string, RegExp]>([
    ['a page drawn over', (tail) => page + tail, /field/],
    ['a page drawn over, after the field', (tail) => tail.replace('endobj\n', `endobj\n${page}`), /picture/],
    ['a page drawn over, before the table', (tail) => tail.replace('xref\n', `${page}xref\n`), /table/],
    [
      'a table that finds a page elsewhere',
      (tail) => tail.replace('45 2\n', '20 1\n0000023448 00000 n \n45 2\n'),
      /table/,
    ],
    ['a table that finds the picture elsewhere', (tail) => tail.replace(/(45 2\n)\d{10}/, '$10000023448'), /table/],
    [
      'the field in another place',
      (tail) => tail.replace('/Rect [ 60 100 184 151 ]', '/Rect [ 60 100 584 751 ]'),
      /field/,
    ],
    ['the field on another page', (tail) => tail.replace('/P 20 0 R', '/P 21 0 R'), /field/],
    ['a field with an action', (tail) => tail.replace('/TU (SignE1)', '/TU (SignE1)\n/AA 45 0 R'), /field/],
    ['a field that is hidden', (tail) => tail.replace('/F 132', '/F 134'), /field/],
    ["another member's field", (tail) => tail.replaceAll('SignE1', 'SignE2'), /field/],
    ['a field that nobody has', (tail) => tail.replaceAll('SignE1', 'SignE9'), /lacks/],
    [
      'two pictures',
      (tail) => tail.replace('endstream\n', 'endstream\nendobj\n20 0 obj\n'),
      /signature of another form/,
    ],
    [
      'a page for a picture',
      (tail) => tail.replace('/Type /XObject\n/Subtype /Form', '/Type /Page\n/Subtype /Form'),
      /picture/,
    ],
    ['another first object', (tail) => tail.replace('/Root 32 0 R', '/Root 45 0 R'), /end/],
    ['a table hidden in a stream', (tail) => tail.replace(/\/Prev /, '/XRefStm 9 /Prev '), /end/],
    ['a table that forgets those before', (tail) => tail.replace(/\/Prev \d+/, '/Prev 1'), /end/],
    ['a table that is read elsewhere', (tail) => tail.replace(/startxref\n\d+/, 'startxref\n100'), /end/],
    ['something after the end', (tail) => `${tail}${page}`, /range|field/],
    ['a signature in the place of the signature', (tail) => tail.replace('<0000', '<3082'), /not empty/],
    ['a place that is no string', (tail) => tail.replace('<0000', '<00 0'), /no place/],
    ['a place of more than 32 kB', (tail) => tail.replace(/<0+>/, `<${'0'.repeat(65_538)}>`), /no place/],
    ['no place at all', (tail) => tail.replace(/<0+>/, '<>'), /no place/],
    ['a signature of another kind', (tail) => tail.replace('ETSI.CAdES.detached', 'adbe.pkcs7.detached'), /range/],
  ])('is found out: %s', (_, change, reason) => {
    expect(() => check(lying(FIRST, change))).toThrow(reason);
  });

  it('is found out: a second revision behind the first', () => {
    const both = atob(FIRST.answer.tail) + page;

    expect(answering(FIRST, { tail: btoa(both) })).toThrow(/lacks/);
  });

  it('is found out: the revision of another member', () => {
    expect(() => checkPrepared(SECOND.answer, SECOND.base, { ...SECOND.signer, alias: 'E3' })).toThrow(
      /another member/,
    );
  });

  it('is found out: a revision for another base', () => {
    expect(() => checkPrepared(SECOND.answer, FIRST.base, SECOND.signer)).toThrow(/refused|report has/);
    expect(() => checkPrepared(FIRST.answer, SECOND.base, FIRST.signer)).toThrow(/signed already/);
  });
});

describe('a server that states another range', () => {
  const [, first = 0, second = 0, rest = 0] = FIRST.answer.byte_range;

  it.each([
    ['a beginning left out', [1, first - 1, second, rest], /leaves out/],
    ['more left out before the signature', [0, first - 9, second, rest], /leaves out/],
    ['more left out behind it', [0, first, second + 9, rest - 9], /leaves out/],
    ['an end left out', [0, first, second, rest - 1], /to the end/],
    ['more than there is', [0, first, second, rest + 1], /to the end/],
    ['three numbers', [0, first, second], /no range/],
    ['a number that is none', [0, first, second, `${rest}`], /no range/],
    ['a negative number', [0, first, second, -rest], /no range/],
    ['nothing', null, /no range/],
  ])('is found out: %s', (_, range, reason) => {
    expect(answering(FIRST, { byte_range: range })).toThrow(reason);
  });
});

describe('a server that hands over other attributes', () => {
  const { document } = FIRST;
  const certificate = bytesToHex(sha256(FIRST.signer.certificate));

  it.each<[string, (hex: string) => string, RegExp]>([
    ['of another document', (hex) => hex.replace(document, 'ab'.repeat(32)), /another document/],
    ['for another certificate', (hex) => hex.replace(certificate, 'ab'.repeat(32)), /another certificate/],
    ['that are a sequence', (hex) => hex.replace(/^31/, '30'), /another kind/],
    ['that are a command', () => bytesToHex(new TextEncoder().encode('lianping-command-v1\n{}')), /attributes/],
    ['with a byte behind them', (hex) => `${hex}00`, /attributes/],
    ['cut off', (hex) => hex.slice(0, -2), /attributes/],
    ['of another content type', (hex) => hex.replace('2a864886f70d010701', '2a864886f70d010702'), /not data/],
    ['that approve nothing', (hex) => hex.replace('2a864886f70d0109100605', '2a864886f70d0109100604'), /approval/],
    ['with an unknown one', (hex) => hex.replace('2a864886f70d0109100210', '2a864886f70d0109100211'), /attributes/],
    ['with one twice', (hex) => hex.replace('2a864886f70d010904', '2a864886f70d010903'), /twice/],
  ])('is found out: %s', (_, change, reason) => {
    expect(() => check(attributed(FIRST, change))).toThrow(reason);
  });

  it.each([
    ['none', { attributes: undefined }],
    ['empty ones', { attributes: '' }],
    ['what is not base64', { attributes: '%' }],
    ['no tail', { tail: undefined }],
    ['a tail that is not base64', { tail: '%' }],
  ])('is found out: %s', (_, change) => {
    expect(answering(FIRST, change)).toThrow();
  });

  it.each([[null], ['{}'], [undefined]])('is found out: %s for an answer', (answer) => {
    expect(() => checkPrepared(answer, FIRST.base, FIRST.signer)).toThrow(/refused/);
  });
});

test('a latest revision that is not the certified report with signatures is no base', () => {
  const { certified, latest } = SECOND.base;
  const other = latest.slice();
  other[100] = 0;
  const cut = latest.slice(0, -7);

  checkBase(SECOND.base, 'E2');
  expect(() => {
    checkBase({ certified, latest: other }, 'E2');
  }).toThrow(/another beginning/);
  expect(() => {
    checkBase({ certified, latest: cut }, 'E2');
  }).toThrow();
  expect(() => {
    checkBase({ certified, latest: certified.slice(0, -1) }, 'E2');
  }).toThrow(/another beginning/);
  expect(() => {
    checkBase(SECOND.base, 'E1');
  }).toThrow(/signed already/);
});
