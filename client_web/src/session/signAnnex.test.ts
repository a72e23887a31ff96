import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';

import type { AnyCommand } from '../protocol/generated';
import { RevisionRefused, type AnnexRequest } from './askRevision';
import { bytesToBase64 } from './commands';
import { signAnnex, type AnnexTools, type AnnexWish } from './signAnnex';
import type { SigningStep } from './signReport';
import { bytes, FIRST, SECOND } from './testWorld/signatureVector';

const SHOWN = FIRST.base.certified;
const BASE = bytesToHex(sha256(SHOWN));
const SIGNATURE = new Uint8Array(64).fill(7);
const WISH: AnnexWish = { lot: 'L1', version: 2, shown: SHOWN, strokes: [[{ x: 0.1, y: 0.2, pressure: 0.5 }]] };

interface Told {
  readonly requests: AnnexRequest[];
  readonly signed: Uint8Array[];
  readonly commands: AnyCommand[];
  readonly steps: SigningStep[];
}

async function signing(changed: Partial<AnnexTools> = {}) {
  const told: Told = { requests: [], signed: [], commands: [], steps: [] };
  const tools: AnnexTools = {
    askRevision: (request) => {
      told.requests.push(request);
      return Promise.resolve(FIRST.answer);
    },
    signer: FIRST.signer,
    sign: (attributes) => {
      told.signed.push(attributes);
      return Promise.resolve(SIGNATURE);
    },
    submit: (command) => {
      told.commands.push(command);
      return Promise.resolve({ accepted: true });
    },
    ...changed,
  };
  return { told, outcome: await signAnnex(WISH, tools, (step) => told.steps.push(step)) };
}

test('the annex is signed as it was shown', async () => {
  const { told, outcome } = await signing();

  expect(outcome).toEqual({ ended: 'signed' });
  expect(told.requests).toEqual([{ version: 2, base: BASE, strokes: WISH.strokes }]);
  expect(told.signed).toEqual([bytes(FIRST.answer.attributes)]);
  expect(told.commands).toEqual([
    {
      type: 'sign_annex',
      lot: 'L1',
      version: 2,
      base: BASE,
      document: FIRST.document,
      signature: bytesToBase64(SIGNATURE),
    },
  ]);
  expect(told.steps).toEqual(['check', 'sign', 'record']);
});

test.each([
  ['a revision of another document', { askRevision: () => Promise.resolve(SECOND.answer) }],
  ['a place of somebody else', { signer: SECOND.signer }],
  ['another certificate than the one with the name', { signer: { ...FIRST.signer, certificate: new Uint8Array(3) } }],
])('nothing is signed over %s', async (_, changed) => {
  const { told, outcome } = await signing(changed);

  expect(outcome.ended).toBe('false');
  expect([told.signed, told.commands]).toEqual([[], []]);
});

test('a refusal is told by its code, of the request and of the command', async () => {
  const lapsed = await signing({ askRevision: () => Promise.reject(new RevisionRefused('signing_lapsed')) });
  const refused = await signing({ submit: () => Promise.resolve({ accepted: false, code: 'nothing_to_sign' }) });
  const passed = await signing({ submit: () => Promise.resolve({ accepted: false, code: 'report_version_passed' }) });

  expect(lapsed.outcome).toEqual({ ended: 'refused', code: 'signing_lapsed' });
  expect(refused.outcome).toEqual({ ended: 'refused', code: 'nothing_to_sign' });
  expect(passed.outcome).toEqual({ ended: 'passed' });
});
