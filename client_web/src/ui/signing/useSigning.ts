/**
 * A member's signature as a component needs it: the way it goes, and how it came out.
 *
 * The document key is certified as soon as the component is there, so that nobody waits for it.
 */

import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';

import { askRevision } from '../../session/askRevision';
import { openDocumentKey, type DocumentKey } from '../../session/documentKey';
import { bytesToBase64 } from '../../session/commands';
import { signReport, type SigningOutcome, type SigningStep, type SigningWish } from '../../session/signReport';
import type { Me, RoomPort } from '../roomPort';
import { fetchFile } from './useReportFile';

/** Between two tries, at least and at most. */
const PAUSE_MS = [150, 900] as const;

/** How long the page waits for the line that shows its new certificate. */
const CERTIFICATE_MS = 10_000;
const LOOK_EVERY_MS = 50;

export interface Signing {
  /** Null while nothing is under way. */
  readonly step: Ref<SigningStep | null>;
  /** Of the last signature. */
  readonly outcome: ShallowRef<SigningOutcome | null>;
  /** Signs; again with the same wish after a refusal. */
  readonly sign: (wish: SigningWish) => Promise<void>;
}

export function useSigning(room: RoomPort, me: Me): Signing {
  const step = ref<SigningStep | null>(null);
  const outcome = shallowRef<SigningOutcome | null>(null);
  const opening = certifiedKey(room, me);

  async function sign(wish: SigningWish): Promise<void> {
    if (step.value !== null) return;
    step.value = 'queue';
    outcome.value = null;
    try {
      const held = await opening;
      const { key, problem } = held.problem === null ? held : await certifiedKey(room, me);
      if (problem !== null) outcome.value = { ended: 'refused', code: problem };
      else outcome.value = await signed(room, me, key, wish, (next) => (step.value = next));
    } finally {
      step.value = null;
    }
  }

  return { step, outcome, sign };
}

function signed(
  room: RoomPort,
  me: Me,
  key: DocumentKey,
  wish: SigningWish,
  onStep: (step: SigningStep) => void,
): Promise<SigningOutcome> {
  const tools = {
    report: () => room.view.lots[wish.lot]?.report ?? null,
    fetchFile: remembering((file) => fetchFile(room, me, file)),
    askRevision: (request: Parameters<typeof askRevision>[1]) =>
      askRevision({ room: me.room, lot: wish.lot, token: room.token }, request),
    signer: { alias: me.alias, certificate: certificateOf(room, me) },
    sign: key.sign,
    submit: room.submit,
    pause: () => delay(PAUSE_MS[0] + Math.random() * (PAUSE_MS[1] - PAUSE_MS[0])),
  };
  return signReport(wish, tools, onStep);
}

/** The seat's document key; `problem` is the code of a refusal where it is not certified. */
async function certifiedKey(room: RoomPort, me: Me): Promise<{ key: DocumentKey; problem: string | null }> {
  const key = await openDocumentKey(me.room, me.alias);
  return { key, problem: await certify(room, me, key) };
}

/** Has a document key certified, unless it is; the code of a refusal, or null. */
async function certify(room: RoomPort, me: Me, key: DocumentKey): Promise<string | null> {
  const isHeld = (): boolean => room.view.document_keys[me.alias]?.key === key.fingerprint;
  if (isHeld()) return null;
  const answer = await room.submit({ type: 'enrol_document_key', spki: bytesToBase64(key.spki) });
  if (!answer.accepted) return answer.code;
  for (let waited = 0; !isHeld(); waited += LOOK_EVERY_MS) {
    if (waited > CERTIFICATE_MS) return 'document_key_missing';
    await delay(LOOK_EVERY_MS); // its line comes when it is stored
  }
  return null;
}

function certificateOf(room: RoomPort, me: Me): Uint8Array {
  const base64 = room.view.document_keys[me.alias]?.certificate ?? '';
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The same file is fetched once. */
function remembering(fetching: (file: FileOf) => Promise<Uint8Array>): (file: FileOf) => Promise<Uint8Array> {
  const held = new Map<string, Uint8Array>();
  return async (file) => {
    const bytes = held.get(file.sha256) ?? (await fetching(file));
    held.set(file.sha256, bytes);
    return bytes;
  };
}

type FileOf = Parameters<typeof fetchFile>[2];

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
