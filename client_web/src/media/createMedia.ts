/** Sound and pictures of one seat: link, connection, the own seat and the others put together behind `MediaPort`. */

import type { Alias, AnySignalToSeat, MediaOffer, MediaRelays, MediaTrack } from '../protocol/generated';
import type { ChosenDevices, DeviceRef, DeviceUse } from './deviceLists';
import { Hearing } from './hearing';
import { keepSame } from './keepSame';
import { KeptLink } from './keptLink';
import { MediaConnection } from './mediaConnection';
import type { Drops, MediaPort, MediaState } from './mediaPort';
import { NO_LINES, type MediaKind } from './negotiation';
import { OtherSeats, type Expected } from './otherSeats';
import { OwnSeat } from './ownSeat';
import type { ScreenUse } from './ownScreens';
import { PathWatch } from './pathWatch';
import type { SignalSeat } from './signalSocket';
import { browserSurroundings, type Surroundings } from './surroundings';

/** Who sits here, and what is expected to come. */
export interface MediaOptions extends SignalSeat, Expected {
  /** The devices to begin with. */
  readonly chosen?: ChosenDevices;
}

const KIND_OF = { microphone: 'audio', camera: 'video' } as const;

const NO_DROPS: Drops = { seats: [], strays: false };

/** Between two looks at what the browser has counted. */
export const LOOK_EVERY_MS = 400;

/** After a look that found nothing of all that came until then. */
export const LOOK_AGAIN_MS = 150;

/** The media of a seat; nothing happens before `start`. */
export function createMedia(options: MediaOptions, around: Surroundings = browserSurroundings()): MediaPort {
  return new SeatMedia(options, around);
}

class SeatMedia implements MediaPort {
  readonly #around: Surroundings;
  readonly #link: KeptLink;
  readonly #own: OwnSeat;
  readonly #others: OtherSeats;
  readonly #hearing = new Hearing();
  readonly #listeners = new Set<(state: MediaState) => void>();
  #state: MediaState;
  #connection: MediaConnection | null = null;
  #path = new PathWatch();
  /** Of the last offer that was answered. */
  #lines = NO_LINES;
  #relays: readonly RTCIceServer[] = [];
  #drops = NO_DROPS;
  #isServerFailing = false;
  #cancelLook: (() => void) | null = null;
  /** Rises with every start and end, so that a look that was under way is not continued. */
  #run = 0;

  constructor(options: MediaOptions, around: Surroundings) {
    this.#around = around;
    const changed = (): void => {
      this.#changed();
    };
    const seat = { ...options, hears: () => this.#hearing.isWanted };
    this.#link = new KeptLink(seat, around, () => this.#connection?.number ?? null, {
      joined: () => {
        this.#handleJoined();
      },
      frame: (frame) => {
        this.#handleFrame(frame);
      },
      changed,
      ended: () => {
        this.#letGo();
      },
    });
    const track = (name: MediaTrack, track: MediaStreamTrack | null): void => {
      void this.#connection?.setOwnTrack(name, track);
    };
    this.#own = new OwnSeat(around, { changed, track }, options.chosen);
    this.#others = new OtherSeats(options);
    this.#state = this.#makeState();
  }

  get state(): MediaState {
    return this.#state;
  }

  subscribe(listener: (state: MediaState) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  start(): void {
    if (this.#link.isRunning) return;
    this.#run++;
    this.#link.start();
    this.#lookLater();
    this.#changed();
  }

  stop(): void {
    this.#link.stop();
  }

  setHearing(on: boolean): void {
    const news = this.#hearing.want(on, this.#link.isOpen);
    if (news !== null) this.#link.send(news);
    this.#changed();
  }

  setSending(on: boolean): void {
    this.#own.setSending(on);
    this.#changed();
  }

  setPictures(sources: readonly Alias[] | null): void {
    this.#others.want(sources);
    this.#tellView();
  }

  setMicrophone(on: boolean): void {
    this.#own.devices.set('audio', on);
  }

  setCamera(on: boolean): void {
    this.#own.devices.set('video', on);
  }

  chooseDevice(use: DeviceUse, device: DeviceRef | null): void {
    if (use === 'loudspeaker') this.#own.devices.chooseLoudspeaker(device);
    else this.#own.devices.choose(KIND_OF[use], device);
  }

  noteLost(use: keyof typeof KIND_OF): void {
    this.#own.devices.noteLost(KIND_OF[use]);
  }

  setHand(up: boolean): void {
    this.#own.setHand(up);
    this.#changed();
  }

  lowerHand(alias: Alias): void {
    this.#link.send({ type: 'lower_hand', alias });
  }

  startScreen(use: ScreenUse): void {
    void this.#own.screens.start(use);
  }

  stopScreen(use: ScreenUse): void {
    this.#own.screens.stop(use);
  }

  async soundTone(): Promise<void> {
    if (this.#connection !== null) await this.#own.soundTone(this.#connection);
  }

  resumeSound(): void {
    this.#changed();
  }

  // -- what comes ----------------------------------------------------------------------------------------------------

  /** The server tells everything anew, and is to be told. */
  #handleJoined(): void {
    this.#own.begin();
    this.#others.begin();
    this.#hearing.begin();
    this.#drops = NO_DROPS;
    this.#isServerFailing = false;
    this.#changed();
  }

  #handleFrame(frame: AnySignalToSeat): void {
    switch (frame.type) {
      case 'media_relays':
        this.#handleRelays(frame);
        return;
      case 'media_offer':
        void this.#handleOffer(frame);
        return;
      case 'media_gone':
        if (frame.connection === this.#connection?.number) this.#link.gone(frame.reason);
        return;
      case 'seat_shown':
        this.#others.take(frame);
        break;
      case 'pictures_paused':
        this.#others.pause(frame);
        break;
      case 'hand_lowered':
        this.#own.handLowered(frame.by);
        break;
      case 'room_heard':
        this.#hearing.take(frame.on);
        break;
      case 'drops_seen':
        this.#drops = { seats: frame.seats, strays: frame.strays };
        break;
      case 'media_failing':
        this.#isServerFailing = frame.on;
        break;
      case 'media_connected': // the browser knows it as well
      case 'refused': // an answer that came too late
      case 'goodbye':
        return;
    }
    this.#changed();
  }

  /** The pass that was good until now ends soon: a connection that may need it looks for its way anew. */
  #handleRelays({ urls, username, credential }: MediaRelays): void {
    this.#relays = [{ urls: [...urls], username, credential }];
    if (this.#connection === null) return;
    this.#connection.setRelays(this.#relays);
    this.#link.send({ type: 'restart_media' });
  }

  async #handleOffer({ connection: number, revision, sdp }: MediaOffer): Promise<void> {
    this.#link.offered();
    const connection = this.#connectionOf(number);
    const answer = await connection.answer(sdp).catch(() => null);
    if (answer === null || connection !== this.#connection) return; // what cannot be answered is begun anew in time
    this.#link.send({ type: 'media_answer', connection: number, revision, sdp: answer });
    this.#lines = connection.lines;
    this.#own.offered(this.#lines.sending);
    if (!this.#others.areAllWanted) this.#tellView(); // what is not named is sent in full
    if (connection.health === 'connected') this.#link.connected();
    this.#changed();
  }

  /** The connection with this number; another one than before takes its place. */
  #connectionOf(number: number): MediaConnection {
    if (this.#connection?.number === number) return this.#connection;
    this.#connection?.close();
    this.#path = new PathWatch();
    this.#others.beginConnection();
    const peer = this.#around.newPeerConnection(this.#relays);
    const connection = new MediaConnection(number, peer, this.#own.tracks, {
      streamed: () => {
        this.#changed();
      },
      healthChanged: () => {
        if (connection !== this.#connection) return;
        if (connection.health === 'connected') this.#link.connected();
        if (connection.health === 'broken') this.#link.recover();
      },
    });
    this.#connection = connection;
    return connection;
  }

  /** The link has ended. */
  #letGo(): void {
    this.#run++;
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#connection?.close();
    this.#connection = null;
    this.#lines = NO_LINES;
    this.#own.stop();
    this.#changed();
  }

  // -- looking -------------------------------------------------------------------------------------------------------

  #lookLater(): void {
    const pause = this.#path.isInDoubt ? LOOK_AGAIN_MS : LOOK_EVERY_MS;
    this.#cancelLook = this.#around.clock.after(pause, () => {
      void this.#look(this.#run);
    });
  }

  async #look(run: number): Promise<void> {
    const connection = this.#connection;
    const counts = await connection?.counts().catch(() => undefined); // closed meanwhile
    if (run !== this.#run) return;
    if (counts !== undefined && connection === this.#connection) {
      const now = this.#around.clock.now();
      this.#others.observe(this.#lines, counts.lines, this.#hearing.isWanted, now);
      this.#own.observe(counts.ownLevel, now);
      this.#tellView();
      if (this.#path.observe(counts.octets, now)) this.#link.fellSilent();
    }
    this.#changed();
    this.#lookLater();
  }

  /** Tells the server how large each seat is shown, when that has changed. */
  #tellView(): void {
    if (!this.#link.isOpen) return;
    const videos = this.#around.videos();
    const news = this.#others.viewNews(this.#lines, this.#streams, videos, this.#around.pixelRatio());
    if (news !== null) this.#link.send(news);
  }

  /** Tells the server what the person has switched, and the page whatever is another now. */
  #changed(): void {
    const news = this.#link.isOpen ? this.#own.news(this.#refused) : null;
    if (news !== null) this.#link.send(news);
    const state = keepSame(this.#state, this.#makeState());
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  get #streams(): ReadonlyMap<string, MediaStream> {
    return this.#connection?.streams ?? new Map<string, MediaStream>();
  }

  get #refused(): readonly MediaKind[] {
    return this.#connection?.refused ?? [];
  }

  #makeState(): MediaState {
    const link = this.#link.state;
    return {
      link,
      tiles: this.#others.tiles(this.#lines, this.#streams),
      screens: this.#others.screens(this.#lines, this.#streams),
      own: this.#own.state(this.#refused),
      drops: this.#drops,
      isServerFailing: this.#isServerFailing,
      isHeard: link.state === 'connected' && this.#hearing.isInForce,
      needsGesture: this.#around.isSoundBlocked(),
    };
  }
}
