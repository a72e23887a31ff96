/** Peer connections that a test connects, breaks and counts packets on. */

import { readOffer } from '../negotiation';
import type { SimulatedTrack } from './devices';

export class SimulatedTransceiver {
  readonly mid: string;
  direction = 'recvonly';
  track: SimulatedTrack | null = null;
  encodings: RTCRtpEncodingParameters[] = [];
  degradation: RTCDegradationPreference | undefined;
  readonly sender = {
    getParameters: () => ({ encodings: this.encodings }),
    setParameters: ({ encodings, degradationPreference }: RTCRtpSendParameters): Promise<void> => {
      this.encodings = encodings;
      this.degradation = degradationPreference;
      return Promise.resolve();
    },
    replaceTrack: (track: SimulatedTrack | null): Promise<void> => {
      this.track = track;
      return Promise.resolve();
    },
  };

  constructor(mid: string) {
    this.mid = mid;
  }
}

export class SimulatedPeer extends EventTarget {
  readonly transceivers: SimulatedTransceiver[] = [];
  readonly offers: string[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  localDescription: { sdp: string } | null = null;
  stats: readonly object[] = [];
  /** What it answers instead of the names of its lines. */
  answer: string | null = null;
  /** Of the layers in which the own picture goes out. */
  rids: readonly string[] = [];
  #configuration: RTCConfiguration;

  constructor(iceServers: readonly RTCIceServer[] = []) {
    super();
    this.#configuration = { bundlePolicy: 'max-bundle', iceServers: [...iceServers] };
  }

  getConfiguration(): RTCConfiguration {
    return this.#configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.#configuration = configuration;
  }

  setRemoteDescription({ sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    this.offers.push(sdp);
    const { sending, receiving } = readOffer(sdp);
    const known = new Set(this.transceivers.map(({ mid }) => mid));
    for (const mid of Object.values(sending)) if (!known.has(mid)) this.#add(mid);
    for (const { mid, stream } of receiving) {
      if (known.has(mid)) continue;
      this.#add(mid);
      this.dispatchEvent(Object.assign(new Event('track'), { streams: [{ id: stream, of: this }] }));
    }
    return Promise.resolve();
  }

  #add(mid: string): void {
    const transceiver = new SimulatedTransceiver(mid);
    if (mid === 'video') transceiver.encodings = this.rids.map((rid) => ({ rid }));
    if (mid === 'screen' || mid === 'desktop') transceiver.encodings = [{ active: true }];
    this.transceivers.push(transceiver);
  }

  setLocalDescription(): Promise<void> {
    const lines = this.transceivers.map(({ mid, direction }) => `${mid}:${direction}`);
    this.localDescription = { sdp: this.answer ?? `answer ${this.offers.length} ${lines.join(' ')}` };
    return Promise.resolve();
  }

  getTransceivers(): SimulatedTransceiver[] {
    return this.transceivers;
  }

  getStats(): Promise<ReadonlyMap<string, object>> {
    return Promise.resolve(new Map(this.stats.map((entry, place) => [String(place), entry])));
  }

  close(): void {
    this.connectionState = 'closed';
    this.signalingState = 'closed';
  }

  /** The connection gets better or worse. */
  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  /** What is sent on an own line. */
  sent(mid: string): SimulatedTrack | null {
    return this.transceivers.find((each) => each.mid === mid)?.track ?? null;
  }

  /** What the page sees. */
  get asBrowser(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }
}
