/** What a real server hands to the pages of two members who sign one after the other. */

import type { CheckedRevision, ReportBase, Signer } from '../reportSignature';
import vector from '../../../../tests/vectors/report-signature.json';

/** One member's turn. */
export interface Turn {
  readonly base: ReportBase;
  readonly signer: Signer;
  /** As it came, in JSON. */
  readonly answer: Record<'tail' | 'attributes', string> & { readonly byte_range: readonly number[] };
  /** What the page must find. */
  readonly document: CheckedRevision['document'];
}

export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

export function text(data: Uint8Array): string {
  return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''));
}

const certified = bytes(vector.certified);

function turn(latest: Uint8Array, { alias, certificate, prepared, document }: typeof vector.first): Turn {
  return {
    base: { certified, latest },
    signer: { alias, certificate: bytes(certificate) },
    answer: prepared,
    document,
  };
}

/** Nobody has signed yet. */
export const FIRST = turn(certified, vector.first);

/** The first member has. */
export const SECOND = turn(Uint8Array.of(...certified, ...bytes(vector.signed)), vector.second);
