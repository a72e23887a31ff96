import { describe, expect, it } from 'vitest';

import { zhCN } from '../../i18n/zhCN';
import {
  looksLikeCamera,
  nameSource,
  needsHelp,
  PULL_STATES,
  pulledCameras,
  pullWords,
  type PulledCamera,
} from './cameraSource';

const LIVE: PulledCamera = {
  address: 'rtsp://10.0.0.5/1',
  state: 'live',
  detail: '',
  sound: 'sent',
  has_rare_key_frames: false,
};

describe('what is said about a pulled camera', () => {
  it('has a sentence for every state', () => {
    expect(Object.keys(zhCN.cameras.pull.state)).toEqual([...PULL_STATES]);
  });

  it('names what is wrong with a picture that comes', () => {
    expect(pullWords(LIVE)).toEqual(['cameras.pull.state.live']);
    expect(pullWords({ ...LIVE, sound: 'unsupported', has_rare_key_frames: true })).toEqual([
      'cameras.pull.state.live',
      'cameras.pull.no_sound',
      'cameras.pull.rare_keys',
    ]);
    expect(pullWords({ ...LIVE, state: 'bad_codec', sound: 'unsupported' })).toEqual(['cameras.pull.state.bad_codec']);
  });

  it('asks for help where waiting does not', () => {
    expect(PULL_STATES.filter((state) => !needsHelp({ ...LIVE, state }))).toEqual(['connecting', 'live', 'media_away']);
  });
});

it('knows what an address looks like', () => {
  const given = ['rtsp://10.0.0.5/1', ' RTSPS://a:b@camera ', 'http://10.0.0.5', 'rtsp://', '10.0.0.5'];

  expect(given.map(looksLikeCamera)).toEqual([true, true, false, false, false]);
});

it('names a source and asks for all, as the operator', async () => {
  const asked: [string, RequestInit | undefined][] = [];
  const fetching = (path: string | URL | Request, how?: RequestInit): Promise<Response> => {
    asked.push([path as string, how]);
    return Promise.resolve(Response.json({ cameras: { C1: LIVE } }));
  };
  const source = { address: 'rtsp://10.0.0.5/1', user: 'admin', password: 'p' };

  await nameSource('r 1', 'C1', 'token', source, fetching);
  const given = await pulledCameras('r 1', 'token', fetching);

  expect(given).toEqual({ ok: true, body: { cameras: { C1: LIVE } } });
  expect(asked.map(([path]) => path)).toEqual(['/api/rooms/r%201/cameras/C1/source', '/api/rooms/r%201/cameras']);
  expect(asked[0]?.[1]).toMatchObject({ method: 'POST', body: JSON.stringify(source) });
});
