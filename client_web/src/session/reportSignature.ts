/**
 * What a member's page demands of the server before it signs a report.
 *
 * The server makes the revision in which the handwriting stands, and the attributes that the key signs. The page signs
 * only where both are what the person has read: the certified report as the record names it, signatures of other
 * members in their fields, this member's field with a picture in it, and an empty place for this signature.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes } from '@noble/hashes/utils.js';

import type { Alias, Base64, Digest } from '../protocol/generated';
import { readRevisions, RevisionForeign } from './pdfRevisions';
import { AttributesMalformed, readSignedAttributes } from './signedAttributes';

/** What the server prepared is not the report with one more signature: nothing is signed, and people are told. */
export class ReportFalse extends Error {
  override name = 'ReportFalse';
}

/** The report as the person has read it, and as it is now. */
export interface ReportBase {
  /** The certified report, checked against the record and shown. */
  readonly certified: Uint8Array;
  /** The latest revision, checked against the record. */
  readonly latest: Uint8Array;
}

/** Whose signature it is to be. */
export interface Signer {
  readonly alias: Alias;
  /** DER of the certificate that the record holds for the member's document key. */
  readonly certificate: Uint8Array;
}

/** What may be signed. */
export interface CheckedRevision {
  /** DER: the key signs these bytes as they are. */
  readonly attributes: Uint8Array;
  /** SHA-256 over all that the signature will cover. */
  readonly document: Digest;
}

/** What the server answers; nothing of it is believed. */
interface PreparedRevision {
  /** What follows the latest revision. */
  readonly tail: Base64;
  readonly byte_range: readonly [number, number, number, number];
  readonly attributes: Base64;
}

/** The field that a member signs in; the same as in `server/reports/subject.py`. */
export function fieldOf(alias: Alias): string {
  return `Sign${alias}`;
}

/**
 * Whether the latest revision is the certified report with signatures of other members, and of this one none.
 *
 * @throws {ReportFalse}
 */
export function checkBase({ certified, latest }: ReportBase, alias: Alias): void {
  const fields = checked(() => readRevisions(certified, latest)).map(({ field }) => field);
  demand(!fields.includes(fieldOf(alias)), 'this member has signed already');
}

/**
 * What to sign of a prepared revision.
 *
 * @throws {ReportFalse} it is not the report that the person has read, with this one signature to be added.
 */
export function checkPrepared(answer: unknown, base: ReportBase, { alias, certificate }: Signer): CheckedRevision {
  const { tail, range, attributes } = parsed(answer);
  const whole = concatBytes(base.latest, tail);
  const { hole } = checkRevision(base, whole, alias);
  const [start, first, second, rest] = range;
  demand(start === 0 && first === hole.start && second === hole.end, 'the range leaves out more than the signature');
  demand(second + rest === whole.length, 'the range does not go to the end');
  demand(isEmptyHole(whole.subarray(first, second)), 'the place of the signature is not empty');
  const document = bytesToHex(sha256(concatBytes(whole.subarray(0, first), whole.subarray(second))));
  const signed = checked(() => readSignedAttributes(attributes));
  demand(signed.messageDigest === document, 'the attributes state another document');
  demand(signed.certificate === bytesToHex(sha256(certificate)), 'the attributes name another certificate');
  return { attributes, document };
}

/** The one revision that is added: in this member's field, wholly behind the latest one. */
function checkRevision(base: ReportBase, whole: Uint8Array, alias: Alias): ReturnType<typeof readRevisions>[number] {
  checkBase(base, alias);
  const revisions = checked(() => readRevisions(base.certified, whole));
  const last = revisions.at(-1);
  demand(last?.field === fieldOf(alias), 'it is prepared for another member');
  demand(
    last.hole.start >= base.latest.length && (revisions.at(-2)?.end ?? base.certified.length) === base.latest.length,
    'more than one revision is added',
  );
  return last;
}

const LESS = 0x3c;
const GREATER = 0x3e;
const ZERO = 0x30;

/** `<000…0>` */
function isEmptyHole(hole: Uint8Array): boolean {
  const inside = hole.subarray(1, -1);
  return hole[0] === LESS && hole.at(-1) === GREATER && inside.length > 0 && inside.every((byte) => byte === ZERO);
}

function parsed(answer: unknown): {
  readonly tail: Uint8Array;
  readonly range: PreparedRevision['byte_range'];
  readonly attributes: Uint8Array;
} {
  const { tail, byte_range: range, attributes } = (answer ?? {}) as Partial<Record<keyof PreparedRevision, unknown>>;
  demand(isRange(range), 'there is no range');
  return { tail: fromBase64(tail), range, attributes: fromBase64(attributes) };
}

function isRange(range: unknown): range is PreparedRevision['byte_range'] {
  return Array.isArray(range) && range.length === 4 && range.every((each) => Number.isSafeInteger(each) && each >= 0);
}

function fromBase64(text: unknown): Uint8Array {
  demand(typeof text === 'string', 'bytes are missing');
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw new ReportFalse('The prepared report is refused: bytes are not in base64.');
  }
}

/** What a reader gives; what it refuses is a false report. */
function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RevisionForeign || error instanceof AttributesMalformed) throw new ReportFalse(error.message);
    throw error;
  }
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ReportFalse(`The prepared report is refused: ${otherwise}.`);
}
