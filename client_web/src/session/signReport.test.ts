import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';

import type { AnyCommand, DocumentFile, Report } from '../protocol/generated';
import { RevisionRefused, type RevisionRequest } from './askRevision';
import { openedReport } from './foldReport';
import { RoomFileRefused } from './roomFiles';
import { signReport, type SigningStep, type SigningTools, type SigningWish } from './signReport';
import { bytes, FIRST, SECOND } from './testWorld/signatureVector';

const STROKES = [[{ x: 0.1, y: 0.2, pressure: 0.5 }]];
const WISH: SigningWish = { lot: 'L1', version: 1, certified: FIRST.base.certified, strokes: STROKES, dissent: '' };
const SIGNATURE = new Uint8Array(64).fill(7);

const fileOf = (data: Uint8Array): DocumentFile => ({ sha256: bytesToHex(sha256(data)), size: data.length });
const CERTIFIED = fileOf(FIRST.base.latest);
const SIGNED = fileOf(SECOND.base.latest);

function reportWith(latest: DocumentFile, version = 1): Report {
  return { ...openedReport({ type: 'signing_opened', lot: 'L1', version, members: ['E1', 'E2'] }), latest };
}

/** A room in which this member, E2, signs; the others do what the test lets them. */
class SigningWorld implements SigningTools {
  latest: Report = reportWith(SIGNED);
  /** What happens when a revision is asked for, in turn. */
  readonly asking: (() => unknown)[] = [];
  readonly requests: RevisionRequest[] = [];
  readonly commands: AnyCommand[] = [];
  readonly signed: Uint8Array[] = [];
  readonly answers: ({ readonly accepted: true } | { readonly accepted: false; readonly code: string })[] = [];
  pauses = 0;
  files = new Map([
    [CERTIFIED.sha256, FIRST.base.latest],
    [SIGNED.sha256, SECOND.base.latest],
  ]);
  signer = SECOND.signer;

  report = () => this.latest;
  fetchFile = ({ sha256: digest }: DocumentFile) => {
    const data = this.files.get(digest);
    return data ? Promise.resolve(data) : Promise.reject(new RoomFileRefused('file_unknown'));
  };
  askRevision = (request: RevisionRequest) => {
    this.requests.push(request);
    const next = this.asking.shift() ?? (() => SECOND.answer);
    return Promise.resolve().then(next);
  };
  sign = (attributes: Uint8Array) => {
    this.signed.push(attributes);
    return Promise.resolve(SIGNATURE);
  };
  submit = (command: AnyCommand) => {
    this.commands.push(command);
    return Promise.resolve(this.answers.shift() ?? { accepted: true as const });
  };
  pause = () => {
    this.pauses += 1;
    return Promise.resolve();
  };
}

const refusing = (code: string) => () => {
  throw new RevisionRefused(code);
};

async function run(world: SigningWorld, wish: Partial<SigningWish> = {}) {
  const steps: SigningStep[] = [];
  const outcome = await signReport({ ...WISH, ...wish }, world, (step) => steps.push(step));
  return { outcome, steps };
}

const SIGN_REPORT = {
  type: 'sign_report',
  lot: 'L1',
  version: 1,
  base: SIGNED.sha256,
  document: SECOND.document,
  signature: btoa(String.fromCharCode(...SIGNATURE)),
  dissent: '',
};

test('a signature goes step by step into the record', async () => {
  const world = new SigningWorld();

  const { outcome, steps } = await run(world, { dissent: '价格分计算有疑问。' });

  expect(outcome).toEqual({ ended: 'signed' });
  expect(steps).toEqual(['queue', 'check', 'sign', 'record']);
  expect(world.requests).toEqual([
    { version: 1, base: SIGNED.sha256, strokes: STROKES, dissent: '价格分计算有疑问。' },
  ]);
  expect(world.signed).toEqual([bytes(SECOND.answer.attributes)]);
  expect(world.commands).toEqual([{ ...SIGN_REPORT, dissent: '价格分计算有疑问。' }]);
});

test('whom another member comes before signs again over the latest revision, with the same strokes', async () => {
  const world = new SigningWorld();
  world.latest = reportWith(CERTIFIED);
  world.asking.push(() => {
    world.latest = reportWith(SIGNED);
    throw new RevisionRefused('document_moved');
  });

  const { outcome, steps } = await run(world);

  expect(outcome).toEqual({ ended: 'signed' });
  expect(steps).toEqual(['queue', 'queue', 'queue', 'check', 'sign', 'record']);
  expect(world.requests.map(({ base, strokes }) => [base, strokes])).toEqual([
    [CERTIFIED.sha256, STROKES],
    [SIGNED.sha256, STROKES],
  ]);
  expect([world.pauses, world.commands]).toEqual([1, [SIGN_REPORT]]);
});

test.each(['document_moved', 'signing_busy', 'signing_lapsed'])(
  'after %s it is tried again, and given up at last',
  async (code) => {
    const once = new SigningWorld();
    once.answers.push({ accepted: false, code });
    const always = new SigningWorld();
    always.asking.push(...Array.from({ length: 30 }, () => refusing(code)));

    expect((await run(once)).outcome).toEqual({ ended: 'signed' });
    expect((await run(always)).outcome).toEqual({ ended: 'refused', code });
    expect([always.requests.length, always.signed]).toEqual([20, []]);
  },
);

test.each(['handwriting_unusable', 'document_key_missing', 'nothing_to_sign', 'unreachable', 'http_502'])(
  'a refusal is told at once: %s',
  async (code) => {
    const world = new SigningWorld();
    world.asking.push(refusing(code));

    expect((await run(world)).outcome).toEqual({ ended: 'refused', code });
    expect(world.requests.length).toBe(1);
  },
);

test('a refused command is told', async () => {
  const world = new SigningWorld();
  world.answers.push({ accepted: false, code: 'document_signature_bad' });

  expect((await run(world)).outcome).toEqual({ ended: 'refused', code: 'document_signature_bad' });
});

test('a report that is issued anew before, meanwhile or at the end is never signed', async () => {
  const before = new SigningWorld();
  before.latest = reportWith(SIGNED, 2);
  const meanwhile = new SigningWorld();
  meanwhile.asking.push(() => {
    meanwhile.latest = reportWith(SIGNED, 2);
    return SECOND.answer;
  });
  const asked = new SigningWorld();
  asked.asking.push(refusing('report_version_passed'));
  const end = new SigningWorld();
  end.answers.push({ accepted: false, code: 'report_version_passed' });

  for (const world of [before, meanwhile, asked, end]) {
    expect((await run(world)).outcome).toEqual({ ended: 'passed' });
  }
  expect([before.requests, meanwhile.signed, asked.signed]).toEqual([[], [], []]);
});

test('a latest revision that does not begin with what was read is an alarm, and nothing is asked for', async () => {
  const world = new SigningWorld();
  const foreign = SECOND.base.latest.slice();
  foreign[50] = 0;
  world.latest = reportWith(fileOf(foreign));
  world.files.set(fileOf(foreign).sha256, foreign);

  expect((await run(world)).outcome).toMatchObject({ ended: 'false' });
  expect([world.requests, world.signed]).toEqual([[], []]);
});

test('a file that is not the one of the record is an alarm', async () => {
  const world = new SigningWorld();
  world.fetchFile = () => Promise.reject(new RoomFileRefused('file_altered'));

  expect((await run(world)).outcome).toMatchObject({ ended: 'false' });
});

test('a file that cannot be had is a refusal', async () => {
  const world = new SigningWorld();
  world.files.clear();

  expect((await run(world)).outcome).toEqual({ ended: 'refused', code: 'file_unknown' });
});

test('a prepared revision that is another is an alarm, and is not signed', async () => {
  const world = new SigningWorld();
  world.asking.push(() => FIRST.answer);

  expect((await run(world)).outcome).toMatchObject({ ended: 'false' });
  expect([world.signed, world.commands]).toEqual([[], []]);
});
