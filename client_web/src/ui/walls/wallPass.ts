/** The token of a pass for a supervisor's wall (监督大屏): drawn here, shown once; the record holds its hash alone. */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

import type { Base64 } from '../../protocol/generated';
import { bytesToBase64 } from '../../session/commands';

const TOKEN_BYTES = 32;

/** What a player shows (`Authorization: Bearer …`), and by what the server knows it. */
export interface WallToken {
  readonly text: string;
  readonly sha256: Base64;
}

/** A token that nobody has. */
export function drawToken(random: Uint8Array = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))): WallToken {
  const text = bytesToBase64(random).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return { text, sha256: bytesToBase64(sha256(utf8ToBytes(text))) };
}
