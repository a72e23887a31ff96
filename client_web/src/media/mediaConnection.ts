/** One peer connection with the server's forwarder: it answers offers, carries the own tracks, counts what comes. */

import type { MediaTrack } from '../protocol/generated';
import { NO_LINES, ownTrack, readOffer, refusedKinds, type MediaKind, type OfferedLines } from './negotiation';

/** The layers that the server's offer asks for, by `rid`: a picture of 640 by 360, and half of it. */
const LAYERS: Readonly<Record<string, RTCRtpEncodingParameters>> = {
  l: { scaleResolutionDownBy: 2, maxBitrate: 150_000 },
  h: { scaleResolutionDownBy: 1, maxBitrate: 700_000 },
};

/** How the own screens go out: letters as sharp as they are, in few pictures; a recorded one gives way to the others. */
const SCREENS: Partial<Record<MediaTrack, RTCRtpEncodingParameters>> = {
  screen: { maxBitrate: 1_500_000, maxFramerate: 8, priority: 'medium' },
  desktop: { maxBitrate: 800_000, maxFramerate: 5, priority: 'low' },
};

/** What a connection tells. */
export interface ConnectionListener {
  /** A stream has come. */
  readonly streamed: () => void;
  /** `health` is another one. */
  readonly healthChanged: () => void;
}

/** What the browser has counted of one line. */
export interface LineCounts {
  readonly packets: number;
  /** Of the sound now, 0 to 1; 0 for pictures. */
  readonly level: number;
}

/** What the browser has counted on a connection. */
export interface Counts {
  /** By SSRC. */
  readonly lines: ReadonlyMap<number, LineCounts>;
  /** Of the own microphone, 0 to 1; null where the browser sends it and does not tell: Firefox 153. */
  readonly ownLevel: number | null;
  /** Received over all its paths, reports among them. */
  readonly octets: number;
}

/** Of ICE and DTLS. `pending`: being built. `broken`: no way to the server is known any more. */
export type Health = 'pending' | 'connected' | 'broken';

/** One connection number of the server. */
export class MediaConnection {
  readonly number: number;
  readonly #peer: RTCPeerConnection;
  readonly #streams = new Map<string, MediaStream>();
  readonly #ownTracks: Partial<Record<MediaTrack, MediaStreamTrack | null>>;
  #lines = NO_LINES;
  #refused: readonly MediaKind[] = [];
  #answering: Promise<unknown> = Promise.resolve();

  /** @param ownTracks - those there are already; later ones come by `setOwnTrack`. */
  constructor(
    number: number,
    peer: RTCPeerConnection,
    ownTracks: Partial<Record<MediaTrack, MediaStreamTrack | null>>,
    listener: ConnectionListener,
  ) {
    this.number = number;
    this.#peer = peer;
    this.#ownTracks = { ...ownTracks };
    peer.addEventListener('track', ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.#streams.set(stream.id, stream);
      listener.streamed();
    });
    peer.addEventListener('connectionstatechange', listener.healthChanged);
  }

  /** The lines of the last offer that was taken. */
  get lines(): OfferedLines {
    return this.#lines;
  }

  /** What comes, by the name of its stream: an alias, or that of a screen's line. */
  get streams(): ReadonlyMap<string, MediaStream> {
    return this.#streams;
  }

  /** The kinds for which this browser has no codec. */
  get refused(): readonly MediaKind[] {
    return this.#refused;
  }

  get health(): Health {
    switch (this.#peer.connectionState) {
      case 'connected':
        return 'connected';
      case 'disconnected':
      case 'failed':
      case 'closed':
        return 'broken';
      default:
        return 'pending';
    }
  }

  /**
   * The answer to an offer; offers are taken one after the other.
   *
   * @throws {MalformedOffer} if the offer is none of this server; a DOMException where the browser refuses it.
   */
  answer(sdp: string): Promise<string> {
    const answer = this.#answering.then(() => this.#answer(sdp));
    this.#answering = answer.catch(() => undefined);
    return answer;
  }

  async #answer(sdp: string): Promise<string> {
    this.#lines = readOffer(sdp);
    await this.#peer.setRemoteDescription({ type: 'offer', sdp });
    for (const transceiver of this.#peer.getTransceivers()) {
      const track = ownTrack(this.#lines, transceiver.mid);
      if (track === null) continue;
      transceiver.direction = 'sendonly';
      await transceiver.sender.replaceTrack(this.#ownTracks[track] ?? null);
    }
    await this.#peer.setLocalDescription();
    await this.#setLayers();
    await this.#setScreens();
    const answer = this.#peer.localDescription?.sdp ?? '';
    this.#refused = refusedKinds(answer);
    return answer;
  }

  /** Says how large each layer of the own picture is; a browser that sends a single one is left as it is. */
  async #setLayers(): Promise<void> {
    for (const { sender } of this.#peer.getTransceivers()) {
      const parameters = sender.getParameters();
      const layers = parameters.encodings.map(({ rid }) => LAYERS[rid ?? '']);
      if (layers.length === 0 || layers.includes(undefined)) continue;
      parameters.encodings = parameters.encodings.map((encoding, place) => ({ ...encoding, ...layers[place] }));
      await sender.setParameters(parameters);
    }
  }

  /** Says that the own screens keep their size: where the way is narrow, fewer pictures come. */
  async #setScreens(): Promise<void> {
    for (const { mid, sender } of this.#peer.getTransceivers()) {
      const name = ownTrack(this.#lines, mid);
      const encoding = name === null ? undefined : SCREENS[name];
      const parameters = sender.getParameters();
      if (encoding === undefined || parameters.encodings.length === 0) continue;
      parameters.encodings = parameters.encodings.map((given) => ({ ...given, ...encoding }));
      parameters.degradationPreference = 'maintain-resolution';
      await sender.setParameters(parameters);
    }
  }

  /** Sends this track from now on, or nothing; no negotiation is needed. */
  async setOwnTrack(name: MediaTrack, track: MediaStreamTrack | null): Promise<void> {
    this.#ownTracks[name] = track;
    const transceiver = this.#peer.getTransceivers().find(({ mid }) => ownTrack(this.#lines, mid) === name);
    if (this.#peer.signalingState !== 'closed') await transceiver?.sender.replaceTrack(track);
  }

  /** These relays are used from the next offer with new ICE credentials on. */
  setRelays(relays: readonly RTCIceServer[]): void {
    if (this.#peer.signalingState === 'closed') return;
    this.#peer.setConfiguration({ ...this.#peer.getConfiguration(), iceServers: [...relays] });
  }

  /** What has been counted so far. */
  async counts(): Promise<Counts> {
    const lines = new Map<number, LineCounts>();
    let ownLevel: number | null = 0;
    let octets = 0;
    const report = (await this.#peer.getStats()) as unknown as ReadonlyMap<string, StatsEntry>;
    for (const entry of report.values()) {
      if (entry.type === 'inbound-rtp' && entry.ssrc !== undefined) {
        lines.set(entry.ssrc, { packets: entry.packetsReceived ?? 0, level: entry.audioLevel ?? 0 });
      }
      if (entry.type === 'candidate-pair') octets += entry.bytesReceived ?? 0;
      if (entry.type === 'media-source' && entry.kind === 'audio') {
        ownLevel = entry.audioLevel === undefined ? null : Math.max(ownLevel ?? 0, entry.audioLevel);
      }
    }
    return { lines, ownLevel, octets };
  }

  close(): void {
    this.#peer.close();
  }
}

/** As much of an entry of the statistics as is read here. Source: W3C webrtc-stats. */
interface StatsEntry {
  readonly type: string;
  readonly kind?: string;
  readonly ssrc?: number;
  readonly packetsReceived?: number;
  readonly bytesReceived?: number;
  readonly audioLevel?: number;
}
