import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { describe, expect, it } from 'vitest';

import {
  judgeCosignature,
  judgeLogSignature,
  MalformedNote,
  parseCheckpointNote,
  parseLogKey,
  parseWitnessKey,
} from './checkpointNote';

/** A checkpoint of a public log, with the cosignature of a public witness of 2026-10-03. */
const PUBLIC_TEXT = 'markovianprotocol.com/log\n9266\nQnwPzJywq5AyOk9k1zLqfryh6Ktw1CnaaKplELApoxw=\n';
const PUBLIC_LOG_LINE =
  '— markovianprotocol.com/log ' +
  'AwLGyIvuxLXZM101mKdNCPTsl9GgtiG/wzbd8cGru0pGnWVMXI06twIsEIZho7n8id+w2EO0BZCalxuEm6BauQGNmgo=\n';
const PUBLIC_WITNESS_LINE =
  '— witness.navigli.sunlight.geomys.org ' +
  'o+AP4gAAAABqwX+So8evhUsltetL+QnwUxEYMNrD25pJYOTFHwDCopbgQMl2AEh583AxfFNMDZzE73rdjK62tUN8oUBfd9p6usq+BA==\n';
const PUBLIC_LOG_KEY = 'markovianprotocol.com/log+0302c6c8+ATkpOWo95UuEiW2EhNZAol4f0CS8hMluJfPcTSzrr03v';
const PUBLIC_WITNESS_KEY = 'witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G';
const PUBLIC_NOTE = `${PUBLIC_TEXT}\n${PUBLIC_LOG_LINE}${PUBLIC_WITNESS_LINE}`;

const ROOT = 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=';
const TEXT = `jia.example/room/R1\n7\n${ROOT}\n`;
const TIME = 1679315147;

/** A log or a witness of our own, with its key's text form. */
function signer(name: string, type: 1 | 4, seed: number) {
  const secret = new Uint8Array(32).fill(seed);
  const material = concatBytes(Uint8Array.of(type), ed25519.getPublicKey(secret));
  const id = sha256(concatBytes(utf8ToBytes(`${name}\n`), material)).slice(0, 4);
  const line = (...parts: Uint8Array[]) => `— ${name} ${base64(concatBytes(id, ...parts))}\n`;
  return {
    vkey: `${name}+${bytesToHex(id)}+${base64(material)}`,
    line,
    sign: (text: string) => line(ed25519.sign(utf8ToBytes(text), secret)),
    cosign: (text: string, time: number | bigint) => {
      const stamp = new Uint8Array(8);
      new DataView(stamp.buffer).setBigUint64(0, BigInt(time));
      return line(stamp, ed25519.sign(utf8ToBytes(`cosignature/v1\ntime ${time}\n${text}`), secret));
    },
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

const log = signer('jia.example/room/R1', 1, 1);
const witness = signer('yi.example/witness', 4, 2);

describe('parseCheckpointNote', () => {
  it('reads the text and every signature line', () => {
    const note = parseCheckpointNote(PUBLIC_NOTE);

    expect({ ...note, root: bytesToHex(note.root) }).toEqual({
      origin: 'markovianprotocol.com/log',
      size: 9266,
      root: '427c0fcc9cb0ab90323a4f64d732ea7ebca1e8ab70d429da68aa6510b029a31c',
      text: PUBLIC_TEXT,
      signatures: [
        { name: 'markovianprotocol.com/log', keyId: '0302c6c8', signature: expect.any(Uint8Array) as Uint8Array },
        {
          name: 'witness.navigli.sunlight.geomys.org',
          keyId: 'a3e00fe2',
          signature: expect.any(Uint8Array) as Uint8Array,
        },
      ],
    });
  });

  it.each([
    ['an empty tree', `jia.example\n0\n${ROOT}\n`],
    ['an origin with spaces', `go.sum database tree\n7\n${ROOT}\n`],
  ])('reads %s', (_, text) => {
    expect(parseCheckpointNote(`${text}\n${log.sign(text)}`).text).toBe(text);
  });

  it.each([
    ['no text', ''],
    ['no signature line', `${TEXT}\n`],
    ['no empty line', `${TEXT}${log.sign(TEXT)}`],
    ['no newline at the end', `${TEXT}\n${log.sign(TEXT)}`.slice(0, -1)],
    ['a control character', `jia\texample\n7\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['half of a character', `jia\ud83dexample\n7\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['no origin', `\n7\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['no root', `jia.example\n7\n\n${log.sign(TEXT)}`],
    ['an extension line', `${TEXT}one more\n\n${log.sign(TEXT)}`],
    ['a leading zero', `jia.example\n07\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['a negative size', `jia.example\n-7\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['a size beyond 2^53', `jia.example\n9007199254740992\n${ROOT}\n\n${log.sign(TEXT)}`],
    ['a short root', `jia.example\n7\nAAAA\n\n${log.sign(TEXT)}`],
    ['a root in base64url', `jia.example\n7\n${ROOT.replace('/', '_')}\n\n${log.sign(TEXT)}`],
    ['a root without padding', `jia.example\n7\n${ROOT.slice(0, -1)}\n\n${log.sign(TEXT)}`],
    ['a root in another spelling', `jia.example\n7\n${ROOT.replace('gg=', 'gh=')}\n\n${log.sign(TEXT)}`],
    ['a hyphen for the dash', `${TEXT}\n${log.sign(TEXT).replace('—', '-')}`],
    ['a plus in a key name', `${TEXT}\n${log.sign(TEXT).replace('jia.example', 'jia+example')}`],
    ['a wide space in a key name', `${TEXT}\n${log.sign(TEXT).replace('jia.example', 'jia\u3000example')}`],
    ['a key id alone', `${TEXT}\n${log.line()}`],
    ['more than 100 signatures', `${TEXT}\n${log.sign(TEXT).repeat(101)}`],
    ['more than a million characters', `${'x'.repeat(1_000_000)}\n7\n${ROOT}\n\n${log.sign(TEXT)}`],
  ])('refuses %s', (_, note) => {
    expect(() => parseCheckpointNote(note)).toThrow(MalformedNote);
  });
});

describe('parseLogKey and parseWitnessKey', () => {
  it('read the parts of a key', () => {
    const key = parseWitnessKey(PUBLIC_WITNESS_KEY);

    expect({ ...key, publicKey: bytesToHex(key.publicKey) }).toEqual({
      type: 4,
      name: 'witness.navigli.sunlight.geomys.org',
      id: 'a3e00fe2',
      publicKey: 'dcbf728e02d479f5a7e20dc09adf525833ed6e797526517aeb07fc6854849fc6',
    });
  });

  it.each([
    ['no key', ''],
    ['a key of another type', witness.vkey],
    ['another id', log.vkey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    ['another name', log.vkey.replace('jia', 'yi')],
    ['a key that is too short', 'jia.example+00000000+AQIDBA=='],
    ['a key that is no point', `jia.example+00000000+${base64(Uint8Array.of(1, ...new Array<number>(32).fill(255)))}`],
    ['a key that is no base64', 'jia.example+00000000+!'],
  ])('refuse %s', (_, vkey) => {
    expect(() => parseLogKey(vkey)).toThrow(MalformedNote);
  });
});

describe('judgeLogSignature', () => {
  it("accepts a public log's signature", () => {
    expect(judgeLogSignature(parseCheckpointNote(PUBLIC_NOTE), parseLogKey(PUBLIC_LOG_KEY))).toBe('signed');
  });

  it('sees a text that was changed after it was signed', () => {
    const note = parseCheckpointNote(PUBLIC_NOTE.replace('9266', '9267'));

    expect(judgeLogSignature(note, parseLogKey(PUBLIC_LOG_KEY))).toBe('forged');
  });

  it('passes over the lines of other keys, also of the same name', () => {
    const stranger = signer('jia.example/room/R1', 1, 9);
    const note = parseCheckpointNote(`${TEXT}\n${stranger.sign(TEXT)}${log.sign(TEXT)}`);

    expect(judgeLogSignature(note, parseLogKey(log.vkey))).toBe('signed');
  });

  it('misses the line of a key that did not sign', () => {
    const note = parseCheckpointNote(`${TEXT}\n${witness.cosign(TEXT, TIME)}`);

    expect(judgeLogSignature(note, parseLogKey(log.vkey))).toBe('missing');
  });

  it('does not let a good line cover a forged one of the same key', () => {
    const note = parseCheckpointNote(`${TEXT}\n${log.sign(TEXT)}${log.sign('another text\n')}`);

    expect(judgeLogSignature(note, parseLogKey(log.vkey))).toBe('forged');
  });

  it('takes a signature of another length for a forgery', () => {
    const note = parseCheckpointNote(`${TEXT}\n${log.line(new Uint8Array(63))}`);

    expect(judgeLogSignature(note, parseLogKey(log.vkey))).toBe('forged');
  });
});

describe('judgeCosignature', () => {
  it("accepts a public witness's cosignature and gives its time", () => {
    const verdict = judgeCosignature(parseCheckpointNote(PUBLIC_NOTE), parseWitnessKey(PUBLIC_WITNESS_KEY));

    expect(verdict).toEqual({ verdict: 'cosigned', at: Date.UTC(2026, 9, 3, 22, 20, 2) / 1000 });
  });

  it('gives the first time of a witness that cosigned twice', () => {
    const note = parseCheckpointNote(`${TEXT}\n${witness.cosign(TEXT, TIME + 5)}${witness.cosign(TEXT, TIME)}`);

    expect(judgeCosignature(note, parseWitnessKey(witness.vkey))).toEqual({ verdict: 'cosigned', at: TIME });
  });

  it('misses a witness that did not cosign', () => {
    const note = parseCheckpointNote(`${TEXT}\n${log.sign(TEXT)}`);

    expect(judgeCosignature(note, parseWitnessKey(witness.vkey))).toEqual({ verdict: 'missing' });
  });

  it.each([
    ['of another text', witness.cosign('another text\n', TIME)],
    ['without a time', witness.sign(TEXT)],
    ['that is too long', witness.line(new Uint8Array(73))],
    ['beside a good one', `${witness.cosign(TEXT, TIME)}${witness.line(new Uint8Array(72))}`],
    ['of no time', witness.cosign(TEXT, 0)],
    ['of a time beyond 2^53', witness.cosign(TEXT, 2n ** 53n)],
  ])('takes a cosignature %s for a forgery', (_, lines) => {
    const note = parseCheckpointNote(`${TEXT}\n${lines}`);

    expect(judgeCosignature(note, parseWitnessKey(witness.vkey))).toEqual({ verdict: 'forged' });
  });
});
