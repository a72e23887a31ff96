/** From what a person asks for to the text that the seat signs. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import type { AnyCommand, Base64, Digest, Envelope } from '../protocol/generated';
import { canonicalJson, type JsonValue } from './canonicalJson';
import type { CommandKey } from './commandKey';

/** What every command says beside its own fields, but for the nonce. */
export type CommandPlace = Omit<Envelope, 'nonce'>;

/** A command as it is sent, any number of times, with the same bytes. */
export interface SignedCommandText {
  readonly n: number;
  /** The canonical text. */
  readonly text: string;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Of the key that signed. */
  readonly key: Digest;
}

const COMMAND_PREFIX = 'lianping-command-v1\n';
const NONCE_LENGTH = 16;

/** The signed text of a command; `nonce`: 16 random bytes, so that nobody can try the signature against guesses. */
export async function signCommand(
  command: AnyCommand,
  place: CommandPlace,
  key: CommandKey,
  nonce: Uint8Array = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH)),
): Promise<SignedCommandText> {
  const fields = { ...place, nonce: bytesToBase64(nonce), ...command };
  const text = canonicalJson(fields as unknown as JsonValue); // interfaces have no index signature
  return { n: place.n, text, signature: await key.sign(text), key: key.fingerprint };
}

/** The `cause` of every line of this command: the SHA-256 of what was signed. */
export function commandDigest(text: string): Digest {
  return bytesToHex(sha256(utf8ToBytes(COMMAND_PREFIX + text)));
}

/** Standard base64 with padding: how a command carries bytes. */
export function bytesToBase64(bytes: Uint8Array): Base64 {
  return btoa(String.fromCharCode(...bytes));
}
