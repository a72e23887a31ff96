/**
 * The pre-check (入场前检测) of one computer: part after part, each found good, doubtful or bad, with what it comes from.
 *
 * The computer is looked at first, since the person has to take part; the network is tried meanwhile. Nothing here
 * changes the room: who began the check reports what was found.
 */

import {
  PRECHECK_PART_VALUES,
  type MeasuredLine,
  type Millis,
  type PrecheckMark,
  type PrecheckPart,
  type ReportPrecheck,
} from '../../protocol/generated';
import { OwnDevices } from '../ownDevices';
import type { MediaKind } from '../negotiation';
import type { SignalSeat } from '../signalSocket';
import type { Surroundings } from '../surroundings';
import { finding, type Finding } from './findings';
import { clockOffset, judgeClock, judgeLine, judgeWays, type TriedRelay } from './judge';
import { counted, sampleOf } from './measure';
import { ProbeEnded, ProbeLink, type Way, type WayOptions } from './probeLink';

/** How long real media are measured, after the encoder has found its pace. */
export const SETTLE_MS = 2000;
export const MEASURE_MS = 8000;

/** For the person to say something. */
export const SPEAK_MS = 10_000;

/** Of the full loudness: what a voice reaches easily, and noise of a working microphone does not stay under. */
export const HEARD = 0.02;

/** Of 255: less is a cover over the lens, or a dark room. */
export const DARK = 12;

const CLOCK_QUESTIONS = 5;

/** What the check takes from the page besides the media layer's surroundings. */
export interface PrecheckSurroundings extends Surroundings {
  /** What this browser lacks, by name. */
  readonly lacks: () => readonly string[];
  /** Whether others see black in place of the own mosaic while this page is hidden. */
  readonly coversInFrontAlone: () => boolean;
  /** How the page was loaded. */
  readonly transport: () => Promise<'trusted' | 'local' | 'untrusted' | 'insecure'>;
  /** Whether the page came from this computer itself. */
  readonly isLocal: boolean;
  /** This computer's clock. */
  readonly date: () => Millis;
  /** The server's clock. */
  readonly askTime: () => Promise<Millis>;
  /** The loudest that comes, 0 to 1, until it is loud enough or the time is over; rejects where sound cannot be measured. */
  readonly loudest: (track: MediaStreamTrack, patience: Millis, tell: (level: number) => void) => Promise<number>;
  /** Of a camera's picture, 0 to 255. */
  readonly brightness: (track: MediaStreamTrack) => Promise<number>;
  /** Plays the tone; false where the browser cannot. */
  readonly playTone: () => Promise<boolean>;
}

/** `asking`: the person has to say whether the tone is heard, or to say something. */
export interface PrecheckRow {
  readonly part: PrecheckPart;
  readonly state: 'waiting' | 'running' | 'asking' | 'done';
  readonly finding: Finding | null;
}

export interface PrecheckState {
  readonly rows: readonly PrecheckRow[];
  /** Of the microphone now, 0 to 1. */
  readonly level: number;
  /** The own picture. */
  readonly picture: MediaStream | null;
  /** The own picture as it comes back from the server. */
  readonly returned: MediaStream | null;
  readonly phase: 'ready' | 'running' | 'over';
  readonly clockOffset: Millis | null;
  readonly line: MeasuredLine | null;
}

/** Before the first run. */
export const READY: PrecheckState = {
  rows: PRECHECK_PART_VALUES.map((part) => ({ part, state: 'waiting', finding: null })),
  level: 0,
  picture: null,
  returned: null,
  phase: 'ready',
  clockOffset: null,
  line: null,
};

export class Precheck {
  readonly #seat: SignalSeat | null;
  readonly #around: PrecheckSurroundings;
  readonly #tell: (state: PrecheckState) => void;
  #state = READY;
  #devices: OwnDevices | null = null;
  #link: ProbeLink | null = null;
  #answered: ((heard: boolean) => void) | null = null;
  /** Rises with every start and stop: what belongs to an earlier run is not heard. */
  #run = 0;

  /** @param seat - the seat whose ways are tried; null on a computer that has not entered one. */
  constructor(seat: SignalSeat | null, around: PrecheckSurroundings, tell: (state: PrecheckState) => void) {
    this.#seat = seat;
    this.#around = around;
    this.#tell = tell;
  }

  get state(): PrecheckState {
    return this.#state;
  }

  /** Looks at everything, once or once more; to be called from a click or a key, so that the tone may sound. */
  async start(): Promise<void> {
    this.stop();
    const run = this.#run;
    this.#change({ ...READY, phase: 'running' });
    await this.#lookAtPage();
    await Promise.all([this.#lookAtDevices(run), this.#lookAtClock(run)]);
    if (run !== this.#run) return;
    await Promise.all([this.#askForTone(run), this.#lookAtWays(run)]);
    if (run !== this.#run) return;
    this.#release();
    this.#change({ phase: 'over', level: 0 });
  }

  /** Lets everything go; what was found stays. */
  stop(): void {
    this.#run++;
    this.#answered?.(false);
    this.#release();
  }

  /** The person has heard the tone, or not. */
  answerTone(heard: boolean): void {
    this.#answered?.(heard);
  }

  /** Plays the tone once more. */
  playAgain(): void {
    void this.#around.playTone();
  }

  #release(): void {
    this.#devices?.stop();
    this.#link?.close();
    this.#devices = this.#link = null;
    this.#change({ picture: null, returned: null });
  }

  // -- this computer -------------------------------------------------------------------------------------------------

  async #lookAtPage(): Promise<void> {
    const lacking = this.#around.lacks();
    if (lacking.length > 0) this.#found(finding('browser', 'old', { lacking }));
    else this.#found(finding('browser', this.#around.coversInFrontAlone() ? 'in_front' : 'fit'));
    this.#mark('https', 'running');
    this.#found(finding('https', await this.#around.transport()));
  }

  async #lookAtClock(run: number): Promise<void> {
    this.#mark('clock', 'running');
    const answers = [];
    for (let question = 0; question < CLOCK_QUESTIONS; question++) {
      const asked = this.#around.date();
      const server = await this.#around.askTime().catch(() => null);
      if (server !== null) answers.push({ asked, came: this.#around.date(), server });
    }
    if (run !== this.#run) return;
    const offset = clockOffset(answers);
    this.#change({ clockOffset: offset });
    this.#found(judgeClock(offset));
  }

  async #lookAtDevices(run: number): Promise<void> {
    this.#mark('camera', 'running');
    this.#mark('microphone', 'running');
    const devices = await this.#openDevices();
    if (run !== this.#run) return;
    this.#change({ picture: devices.stream });
    await Promise.all([this.#lookAtCamera(devices), this.#listenToMicrophone(devices, run)]);
  }

  /** Camera and microphone, as far as they can be had. */
  async #openDevices(): Promise<OwnDevices> {
    return new Promise((resolve) => {
      const kinds: readonly MediaKind[] = ['audio', 'video'];
      const devices = new OwnDevices(this.#around.devices, {
        changed: () => {
          const isSettled = kinds.every((kind) => ['on', 'failed'].includes(devices.device(kind).state));
          if (isSettled) resolve(devices);
        },
        track: () => undefined,
      });
      this.#devices = devices;
      devices.start();
    });
  }

  async #lookAtCamera(devices: OwnDevices): Promise<void> {
    const [device, track] = [devices.device('video'), devices.tracks.video];
    if (device.state === 'failed') this.#found(finding('camera', device.trouble));
    else if (track !== null) {
      const brightness = await this.#around.brightness(track).catch(() => null);
      const { width = 0, height = 0 } = track.getSettings();
      if (brightness === null) this.#found(finding('camera', 'failed'));
      else this.#found(finding('camera', brightness < DARK ? 'dark' : 'seen', { width, height }));
    }
  }

  async #listenToMicrophone(devices: OwnDevices, run: number): Promise<void> {
    const [device, track] = [devices.device('audio'), devices.tracks.audio];
    if (device.state === 'failed') this.#found(finding('microphone', device.trouble));
    else if (track !== null) {
      this.#mark('microphone', 'asking');
      const tell = (level: number): void => {
        if (run === this.#run) this.#change({ level });
      };
      const loudest = await this.#around.loudest(track, SPEAK_MS, tell).catch(() => null);
      if (run !== this.#run) return;
      if (loudest === null) this.#found(finding('microphone', 'unmeasured'));
      else this.#found(finding('microphone', loudest < HEARD ? 'silent' : 'heard'));
    }
  }

  async #askForTone(run: number): Promise<void> {
    this.#mark('loudspeaker', 'asking');
    if (!(await this.#around.playTone())) {
      this.#found(finding('loudspeaker', 'unable'));
      return;
    }
    const heard = await new Promise<boolean>((resolve) => (this.#answered = resolve));
    this.#answered = null;
    if (run === this.#run) this.#found(finding('loudspeaker', heard ? 'heard' : 'unheard'));
  }

  // -- its ways to the server ----------------------------------------------------------------------------------------

  async #lookAtWays(run: number): Promise<void> {
    this.#mark('socket', 'running');
    const found = await this.#tryWays(run).catch((error: unknown) => {
      if (error instanceof ProbeEnded) return socketFindings(error.code);
      throw error;
    });
    if (run === this.#run) for (const each of found) this.#found(each);
  }

  /** Opens the socket and tries every way; @throws {ProbeEnded} */
  async #tryWays(run: number): Promise<readonly Finding[]> {
    if (this.#seat === null) return socketFindings('no_seat');
    if (this.#around.lacks().includes('WebRTC')) return socketFindings('no_webrtc');
    const tracks = this.#devices?.tracks ?? { audio: null, video: null };
    const link = new ProbeLink(this.#seat, this.#around, () => tracks);
    this.#link = link;
    await link.open();
    for (const part of ['udp', 'relay', 'line'] as const) this.#mark(part, 'running');
    const isStraight = await this.#tryWay(link, { policy: 'all', relays: [] }, run);
    this.#found(finding('socket', 'open'));
    const relays: TriedRelay[] = [];
    for (const url of urlsOf(link.relays)) {
      const works = await this.#tryWay(link, { policy: 'relay', relays: [{ ...link.relays, urls: url }] }, run);
      relays.push({ url, works });
    }
    const findings = judgeWays(isStraight, relays, { port: link.port, isLocal: this.#around.isLocal });
    return this.#state.line === null ? [...findings, finding('line', 'not_tried')] : findings;
  }

  /** Whether a way stands; the first one that does is measured. */
  async #tryWay(link: ProbeLink, options: WayOptions, run: number): Promise<boolean> {
    const way = await link.tryWay(options);
    const { audio = null, video = null } = this.#devices?.tracks ?? {};
    const hasSomethingToSend = audio !== null || video !== null;
    if (way !== null && hasSomethingToSend && this.#state.line === null && run === this.#run) {
      await this.#measure(way, run);
    }
    return way !== null;
  }

  async #measure(way: Way, run: number): Promise<void> {
    const { clock } = this.#around;
    this.#change({ returned: way.stream });
    await this.#pause(SETTLE_MS);
    const before = await counted(way, clock.now);
    await this.#pause(MEASURE_MS);
    const sample = sampleOf(before, await counted(way, clock.now));
    if (run !== this.#run) return;
    const { kbit_s, lost_permille, round_trip_ms } = sample;
    this.#change({ returned: null, line: { kbit_s, lost_permille, round_trip_ms } });
    this.#found(judgeLine(sample, this.#devices?.tracks.video?.getSettings().height ?? 0));
  }

  #pause(milliseconds: Millis): Promise<void> {
    return new Promise((resolve) => {
      this.#around.clock.after(milliseconds, resolve);
    });
  }

  // -- the state -----------------------------------------------------------------------------------------------------

  #mark(part: PrecheckPart, state: PrecheckRow['state']): void {
    this.#change({ rows: this.#state.rows.map((row) => (row.part === part ? { ...row, state } : row)) });
  }

  #found(found: Finding): void {
    const done = { part: found.part, state: 'done', finding: found } as const;
    this.#change({ rows: this.#state.rows.map((row) => (row.part === found.part ? done : row)) });
  }

  #change(change: Partial<PrecheckState>): void {
    this.#state = { ...this.#state, ...change };
    this.#tell(this.#state);
  }
}

/** What a socket that leads nowhere means for everything that goes over it. */
function socketFindings(code: string): Finding[] {
  if (code === 'no_seat') {
    return [
      finding('socket', 'no_seat'),
      finding('udp', 'no_seat'),
      finding('relay', 'no_seat'),
      finding('line', 'no_seat'),
    ];
  }
  const rest = [finding('relay', 'not_tried'), finding('line', 'not_tried')];
  if (code === 'no_webrtc') return [finding('socket', 'not_tried'), finding('udp', 'not_tried'), ...rest];
  if (code === 'media_off') return [finding('socket', 'open'), finding('udp', 'no_media'), ...rest];
  const socket =
    code === 'unreachable' ? finding('socket', 'blocked') : finding('socket', 'refused', { refusal: code });
  return [socket, finding('udp', 'not_tried'), ...rest];
}

function urlsOf(relays: RTCIceServer | null): readonly string[] {
  return relays === null ? [] : [relays.urls].flat();
}

/** What is reported of a check that is over. */
export function reportOf({ rows, clockOffset: offset, line }: PrecheckState): ReportPrecheck {
  const marks: Partial<Record<PrecheckPart, PrecheckMark>> = {};
  for (const { part, finding: found } of rows) {
    if (found !== null && found.mark !== 'skipped') marks[part] = found.mark;
  }
  return { type: 'report_precheck', marks, clock_offset_ms: offset, line };
}
