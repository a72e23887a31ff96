/**
 * A member's signature on a report, from the drawn strokes to the line in the record.
 *
 * Members sign one file one after the other. Who comes too late signs again by itself, with the same strokes, over the
 * revision that is the latest by then; never another version than the one that the person has read.
 */

import type { AnyCommand, DocumentFile, LotId, Report, SignReport } from '../protocol/generated';
import { RevisionRefused, type RevisionRequest, type Stroke } from './askRevision';
import { bytesToBase64 } from './commands';
import { checkBase, checkPrepared, ReportFalse, type CheckedRevision, type Signer } from './reportSignature';
import { RoomFileRefused } from './roomFiles';

/** What the person has read, and how the person signs it. */
export interface SigningWish {
  readonly lot: LotId;
  readonly version: number;
  /** The certified report of that version, checked against the record and shown. */
  readonly certified: Uint8Array;
  readonly strokes: readonly Stroke[];
  /** Empty for none. */
  readonly dissent: string;
}

/** What the page does for a signature. */
export interface SigningTools {
  /** The report as the record tells it now. */
  readonly report: () => Report | null;
  /** @throws {RoomFileRefused} */
  readonly fetchFile: (file: DocumentFile) => Promise<Uint8Array>;
  /** @throws {RevisionRefused} */
  readonly askRevision: (request: RevisionRequest) => Promise<unknown>;
  /** Who signs, with a certificate that the record holds. */
  readonly signer: Signer;
  /** With the document key; 64 bytes. */
  readonly sign: (attributes: Uint8Array) => Promise<Uint8Array>;
  readonly submit: (command: AnyCommand) => Promise<SubmitAnswer>;
  /** Waits a little before the next try; each time a time of its own. */
  readonly pause: () => Promise<void>;
}

type SubmitAnswer = { readonly accepted: true } | { readonly accepted: false; readonly code: string };

/** Where a signature is; `queue` again after somebody else was first. */
export type SigningStep = 'queue' | 'check' | 'sign' | 'record';

/**
 * How it came out. `refused`: try again, or as the code says. `passed`: the report has been issued anew, nothing is
 * signed. `false`: what the server prepared is not what the person has read; nothing is signed, and it is an alarm.
 */
export type SigningOutcome =
  | { readonly ended: 'signed' | 'passed' }
  | { readonly ended: 'refused'; readonly code: string }
  | { readonly ended: 'false'; readonly reason: string };

/** Refusals after which the same strokes are tried again. */
const AGAIN = ['document_moved', 'signing_busy', 'signing_lapsed'];

/** A committee of 13 in which all press at once is through by then. */
const TRIES = 20;

/** Signs, as often as it takes; tells every step. */
export async function signReport(
  wish: SigningWish,
  tools: SigningTools,
  onStep: (step: SigningStep) => void,
): Promise<SigningOutcome> {
  for (let tried = 1; ; tried += 1) {
    const outcome = await attempt(wish, tools, onStep);
    const isAgain = outcome.ended === 'refused' && AGAIN.includes(outcome.code);
    if (!isAgain || tried === TRIES) return outcome;
    onStep('queue');
    await tools.pause();
  }
}

async function attempt(
  wish: SigningWish,
  tools: SigningTools,
  onStep: (step: SigningStep) => void,
): Promise<SigningOutcome> {
  const { lot, version, dissent } = wish;
  const latest = latestOf(tools.report(), version);
  if (latest === null) return { ended: 'passed' };
  try {
    onStep('queue');
    const { attributes, document } = await prepared(wish, latest, tools, onStep);
    if (latestOf(tools.report(), version) === null) return { ended: 'passed' };
    onStep('sign');
    const signature = bytesToBase64(await tools.sign(attributes));
    onStep('record');
    const command: SignReport = {
      type: 'sign_report',
      lot,
      version,
      base: latest.sha256,
      document,
      signature,
      dissent,
    };
    return outcomeOf(await tools.submit(command));
  } catch (error) {
    return outcomeOfError(error);
  }
}

/** The revision to sign, checked. */
async function prepared(
  { version, certified, strokes, dissent }: SigningWish,
  latest: DocumentFile,
  { fetchFile, askRevision, signer }: SigningTools,
  onStep: (step: SigningStep) => void,
): Promise<CheckedRevision> {
  const base = { certified, latest: await fetchFile(latest) };
  checkBase(base, signer.alias);
  const answer = await askRevision({ version, base: latest.sha256, strokes, dissent });
  onStep('check');
  return checkPrepared(answer, base, signer);
}

/** The latest revision of this version; null once another version has been issued. */
function latestOf(report: Report | null, version: number): DocumentFile | null {
  return report?.version === version ? report.latest : null;
}

function outcomeOf(answer: SubmitAnswer): SigningOutcome {
  if (answer.accepted) return { ended: 'signed' };
  return answer.code === 'report_version_passed' ? { ended: 'passed' } : { ended: 'refused', code: answer.code };
}

function outcomeOfError(error: unknown): SigningOutcome {
  if (error instanceof ReportFalse) return { ended: 'false', reason: error.message };
  if (error instanceof RoomFileRefused && error.code === 'file_altered')
    return { ended: 'false', reason: error.message };
  if (error instanceof RevisionRefused || error instanceof RoomFileRefused) {
    return outcomeOf({ accepted: false, code: error.code });
  }
  throw error;
}
