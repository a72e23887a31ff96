/**
 * A member's signature on the own annex, which says by name who has signed the report under an alias.
 *
 * No line names the annex before it is signed: the page signs the very bytes that it has shown, and the command says
 * which they were.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

import type { LotId, SignAnnex } from '../protocol/generated';
import type { AnnexRequest, Stroke } from './askRevision';
import { bytesToBase64 } from './commands';
import { checkPrepared } from './reportSignature';
import { outcomeOf, outcomeOfError, type SigningOutcome, type SigningStep, type SigningTools } from './signReport';

/** What the person has read, and the person's handwriting. */
export interface AnnexWish {
  readonly lot: LotId;
  /** Of the report. */
  readonly version: number;
  /** The annex as it was shown. */
  readonly shown: Uint8Array;
  readonly strokes: readonly Stroke[];
}

/** What the page does for the signature; `signer` has the certificate that names the person. */
export interface AnnexTools extends Pick<SigningTools, 'signer' | 'sign' | 'submit'> {
  /** @throws {RevisionRefused} */
  readonly askRevision: (request: AnnexRequest) => Promise<unknown>;
}

/**
 * Signs once: nobody else signs this document. `signing_lapsed` says that the server does not know any more what it has
 * shown; then the person reads the annex again.
 */
export async function signAnnex(
  { lot, version, shown, strokes }: AnnexWish,
  { askRevision, signer, sign, submit }: AnnexTools,
  onStep: (step: SigningStep) => void,
): Promise<SigningOutcome> {
  const base = bytesToHex(sha256(shown));
  try {
    onStep('check');
    const answer = await askRevision({ version, base, strokes });
    const { attributes, document } = checkPrepared(answer, { certified: shown, latest: shown }, signer);
    onStep('sign');
    const signature = bytesToBase64(await sign(attributes));
    onStep('record');
    const command: SignAnnex = { type: 'sign_annex', lot, version, base, document, signature };
    return outcomeOf(await submit(command));
  } catch (error) {
    return outcomeOfError(error);
  }
}
