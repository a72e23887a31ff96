/**
 * Checkpoints: the signed heads of a room's tree, and who signed them.
 *
 * Ed25519 is checked here and not by WebCrypto, which has it only since Chromium 137. A line by an unknown key says
 * nothing and is passed over; a line by a known key that does not fit is a forgery, and the head must not be believed.
 *
 * Source: C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0, tlog-cosignature v1.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Signature types. Source: signed-note, "Signature types". */
const LOG = 0x01;
const WITNESS = 0x04;

const KEY_ID_LENGTH = 4;
const TIME_LENGTH = 8;
const SIGNATURE_LENGTH = 64;
const ROOT_LENGTH = 32;

/** Our own limits, those of the server: a checkpoint with 16 cosignatures has 3 kB. */
const MAX_NOTE_LENGTH = 1_000_000;
const MAX_SIGNATURES = 100;

/** The text is no checkpoint, or no verifier key. */
export class MalformedNote extends Error {
  override name = 'MalformedNote';
}

interface VerifierKey<Type extends number> {
  readonly type: Type;
  /** Such as `jia.example/room/R1`. */
  readonly name: string;
  /** The first four bytes of a hash over name, type and key, in hexadecimal. */
  readonly id: string;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/** The key with which a host signs its checkpoints. */
export type LogKey = VerifierKey<typeof LOG>;

/** The key with which a venue's witness cosigns them. */
export type WitnessKey = VerifierKey<typeof WITNESS>;

/** One signature line, read and not yet judged. */
export interface SignatureLine {
  readonly name: string;
  /** Of the key, in hexadecimal. */
  readonly keyId: string;
  readonly signature: Uint8Array;
}

/** A checkpoint as received: what it says, and the lines that claim to sign it. */
export interface CheckpointNote {
  /** The log's own name for itself; whether it is the right log is for the caller to compare. */
  readonly origin: string;
  /** Leaves in the tree. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** What is signed, with its last newline. */
  readonly text: string;
  readonly signatures: readonly SignatureLine[];
}

/** `missing`: the key signed nothing here. `forged`: a line bears its name and does not fit. */
export type LogVerdict = 'signed' | 'missing' | 'forged';

/** `at`: when the witness says it first saw this head, in seconds since 1970-01-01 UTC. */
export type WitnessVerdict =
  { readonly verdict: 'cosigned'; readonly at: number } | { readonly verdict: 'missing' | 'forged' };

/**
 * A log's key from its text form, `name+id+base64`.
 *
 * @throws {MalformedNote} if it is none, or of another type.
 */
export function parseLogKey(vkey: string): LogKey {
  return parseVerifierKey(vkey, LOG);
}

/**
 * A witness's key from its text form, `name+id+base64`.
 *
 * @throws {MalformedNote} if it is none, or of another type.
 */
export function parseWitnessKey(vkey: string): WitnessKey {
  return parseVerifierKey(vkey, WITNESS);
}

/**
 * Reads a checkpoint with its signature lines, and judges none of them.
 *
 * @throws {MalformedNote} if the text is no checkpoint.
 */
export function parseCheckpointNote(note: string): CheckpointNote {
  const { text, lines } = splitNote(note);
  const [origin = '', size = '', root = '', ...more] = text.slice(0, -1).split('\n');
  if (origin === '' || more.length > 0) throw new MalformedNote('A checkpoint has three lines: origin, size and root.');
  return { origin, size: parseSize(size), root: parseRoot(root), text, signatures: lines.map(parseSignatureLine) };
}

/** Whether the log signed this checkpoint. */
export function judgeLogSignature(note: CheckpointNote, key: LogKey): LogVerdict {
  const signatures = signaturesBy(note, key);
  if (signatures.length === 0) return 'missing';
  return signatures.every((signature) => isSignature(signature, note.text, key)) ? 'signed' : 'forged';
}

/** Whether this witness cosigned this checkpoint; if it did so more than once, when it did first. */
export function judgeCosignature(note: CheckpointNote, key: WitnessKey): WitnessVerdict {
  const times = signaturesBy(note, key).map((signature) => cosignedAt(note, signature, key));
  if (times.length === 0) return { verdict: 'missing' };
  const at = Math.min(...times); // NaN if any is
  return Number.isSafeInteger(at) && at > 0 ? { verdict: 'cosigned', at } : { verdict: 'forged' };
}

/** The time in a cosignature, in seconds; NaN if it is a forgery. */
function cosignedAt(note: CheckpointNote, signature: Uint8Array, key: WitnessKey): number {
  if (signature.length !== TIME_LENGTH + SIGNATURE_LENGTH) return NaN;
  const time = BigInt(`0x${bytesToHex(signature.slice(0, TIME_LENGTH))}`);
  const message = `cosignature/v1\ntime ${time}\n${note.text}`;
  return isSignature(signature.slice(TIME_LENGTH), message, key) ? Number(time) : NaN;
}

function signaturesBy(note: CheckpointNote, key: VerifierKey<number>): Uint8Array[] {
  return note.signatures
    .filter((line) => line.name === key.name && line.keyId === key.id)
    .map((line) => line.signature);
}

function isSignature(signature: Uint8Array, message: string, key: VerifierKey<number>): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false;
  // The stricter of two readings of Ed25519, RFC 8032's: the one that the server's OpenSSL takes.
  return ed25519.verify(signature, utf8ToBytes(message), key.publicKey, { zip215: false });
}

function splitNote(note: string): { text: string; lines: string[] } {
  if (note.length > MAX_NOTE_LENGTH) throw new MalformedNote('The note is too long.');
  if (!isNoteText(note)) throw new MalformedNote('A note has no control characters and no halves of characters.');
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw new MalformedNote('A note is a text, an empty line and signature lines.');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw new MalformedNote('The note has too many signatures.');
  return { text: note.slice(0, end + 1), lines };
}

function isNoteText(note: string): boolean {
  return !/\p{Surrogate}/u.test(note) && Array.from(note).every((char) => char >= ' ' || char === '\n');
}

function parseSignatureLine(line: string): SignatureLine {
  const [, name, base64] = /^— ([^\p{White_Space}+]+) (\S+)$/u.exec(line) ?? [];
  if (name === undefined || base64 === undefined) throw new MalformedNote('A signature line has another form.');
  const bytes = bytesFromBase64(base64);
  if (bytes.length <= KEY_ID_LENGTH) throw new MalformedNote('A signature line holds no signature.');
  return { name, keyId: bytesToHex(bytes.slice(0, KEY_ID_LENGTH)), signature: bytes.slice(KEY_ID_LENGTH) };
}

function parseSize(text: string): number {
  const size = Number(text);
  if (!/^(0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(size)) throw new MalformedNote('The size is no number.');
  return size;
}

function parseRoot(base64: string): Uint8Array {
  const root = bytesFromBase64(base64);
  if (root.length !== ROOT_LENGTH) throw new MalformedNote('The root is no SHA-256.');
  return root;
}

function parseVerifierKey<Type extends number>(vkey: string, type: Type): VerifierKey<Type> {
  const [, name, id, base64] = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(vkey) ?? [];
  if (name === undefined || id === undefined || base64 === undefined) throw new MalformedNote('No verifier key.');
  const material = bytesFromBase64(base64);
  const publicKey = material.slice(1);
  if (material[0] !== type) throw new MalformedNote('The verifier key is of another type.');
  if (!ed25519.utils.isValidPublicKey(publicKey, false)) throw new MalformedNote('The key is no point of the curve.');
  if (keyId(name, material) !== id) throw new MalformedNote('The id of the verifier key is another.');
  return { type, name, id, publicKey };
}

/** `material`: the type's byte and the public key. */
function keyId(name: string, material: Uint8Array): string {
  return bytesToHex(sha256(concatBytes(utf8ToBytes(`${name}\n`), material)).slice(0, KEY_ID_LENGTH));
}

/** Standard base64 with padding, and no second spelling of the same bytes. Source: RFC 4648, 3.5 and 4. */
function bytesFromBase64(base64: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) throw new MalformedNote('No base64.');
  const binary = atob(base64);
  if (btoa(binary) !== base64) throw new MalformedNote('Another spelling of base64.');
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
