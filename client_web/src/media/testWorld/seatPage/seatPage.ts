/** The smallest page with the media layer in it: the end-to-end tests seat it in a real room. */

import { createMedia } from '../../createMedia';
import type { MediaPort, MediaState } from '../../mediaPort';
import { browserSurroundings } from '../../surroundings';

/** Who sits here, as the test has entered the seat. */
interface SeatOfTest {
  readonly room: string;
  readonly token: string;
  readonly fingerprint: string;
  /** The key's signature over the token. */
  readonly proof: readonly number[];
}

/** What has come on a line. */
interface Received {
  readonly packetsReceived: number;
  readonly framesDecoded: number;
}

/** As much of the statistics as tells a path. Source: W3C webrtc-stats. */
interface PathEntry {
  readonly type: string;
  readonly selectedCandidatePairId?: string;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
  readonly relayProtocol?: string;
}

/** What the test calls. */
interface SeatPage {
  readonly join: (seat: SeatOfTest) => void;
  /** The port's state, without the streams. */
  readonly state: () => MediaState;
  /** By `mid`, on the present connection. */
  readonly received: () => Promise<Record<string, Received>>;
  /** How packets leave: the kind of the own candidate, and over what it is reached. */
  readonly way: () => Promise<readonly string[]>;
  /** How many connections the page has had. */
  readonly connections: () => number;
  readonly media: MediaPort | null;
}

declare global {
  interface Window {
    seatPage: SeatPage;
  }
}

let media: MediaPort | null = null;
let peer: RTCPeerConnection | null = null;
let count = 0;

function join({ room, token, fingerprint, proof }: SeatOfTest): void {
  const around = browserSurroundings();
  media = createMedia(
    {
      room,
      token: () => token,
      key: { fingerprint, signJoin: () => Promise.resolve(Uint8Array.from(proof)) },
      isExpected: () => true,
    },
    {
      ...around,
      newPeerConnection: (relays) => {
        count++;
        return (peer = around.newPeerConnection(relays));
      },
    },
  );
  media.subscribe(show);
  media.start();
}

/** A video element for each tile, as a page has. */
function show({ tiles }: MediaState): void {
  for (const { alias, stream } of tiles) {
    const video = document.getElementById(alias) ?? document.body.appendChild(newVideo(alias));
    if (video instanceof HTMLVideoElement && video.srcObject !== stream) video.srcObject = stream;
  }
}

function newVideo(alias: string): HTMLVideoElement {
  const video = document.createElement('video');
  return Object.assign(video, { id: alias, autoplay: true, playsInline: true, muted: true, width: 160 });
}

function state(): MediaState {
  if (media === null) throw new Error('The page has not joined.');
  return JSON.parse(JSON.stringify(media.state)) as MediaState; // a stream becomes {}
}

async function received(): Promise<Record<string, Received>> {
  if (peer === null) return {};
  const report = (await peer.getStats()) as unknown as ReadonlyMap<string, Received & { type: string; mid: string }>;
  const lines = [...report.values()].filter(({ type }) => type === 'inbound-rtp');
  return Object.fromEntries(
    lines.map(({ mid, packetsReceived, framesDecoded }) => [mid, { packetsReceived, framesDecoded }]),
  );
}

async function way(): Promise<readonly string[]> {
  const report = (await peer?.getStats()) as unknown as ReadonlyMap<string, PathEntry> | undefined;
  const transport = [...(report?.values() ?? [])].find(({ type }) => type === 'transport');
  const pair = report?.get(transport?.selectedCandidatePairId ?? '');
  const {
    candidateType = '',
    protocol = '',
    relayProtocol = protocol,
  } = report?.get(pair?.localCandidateId ?? '') ?? {};
  return [candidateType, relayProtocol];
}

window.seatPage = {
  join,
  state,
  received,
  way,
  connections: () => count,
  get media() {
    return media;
  },
};
