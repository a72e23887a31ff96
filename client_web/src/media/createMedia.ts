/**
 * Sound and pictures of one seat: the socket, the peer connection and the devices put together behind `MediaPort`.
 *
 * Whatever breaks, it comes back by itself: first the server is asked for new ICE credentials, which a change of network
 * survives; where no way is found in time, the socket is opened anew, and with it the whole connection.
 */

import type { Alias, AnySignalToSeat, MediaOffer, MediaRelays, MediaTrack } from '../protocol/generated';
import type { ChosenDevices, DeviceRef, DeviceUse } from './deviceLists';
import { Hearing } from './hearing';
import { keepSame } from './keepSame';
import { MediaConnection } from './mediaConnection';
import type { Drops, MediaLink, MediaPort, MediaState, OwnDevice, OwnMedia, Shown } from './mediaPort';
import { NO_LINES, type MediaKind } from './negotiation';
import { OwnDevices } from './ownDevices';
import { OwnScreens, type ScreenUse } from './ownScreens';
import { PathWatch } from './pathWatch';
import { OwnMasks } from './privacy/ownMasks';
import { ScreenBoard } from './screenBoard';
import { SeatStates } from './seatStates';
import { SignalSocket, type SignalSeat } from './signalSocket';
import { browserSurroundings, type Surroundings } from './surroundings';
import { tileViews } from './tileViews';
import { TileBoard } from './tileBoard';
import { SpeechMeter } from './trackFlow';

/** Who sits here, and what is expected to come. */
export interface MediaOptions extends SignalSeat {
  /** Whether the rules let this seat see and hear another one now; a track without packets is stalled only then. */
  readonly isExpected: (source: Alias) => boolean;
  /** The same of another seat's screen; none is looked at where it is left out. */
  readonly isScreenExpected?: (source: Alias) => boolean;
  /** The devices to begin with. */
  readonly chosen?: ChosenDevices;
}

const KIND_OF = { microphone: 'audio', camera: 'video' } as const;

const NO_DROPS: Drops = { seats: [], strays: false };

/** Between two looks at what the browser has counted. */
export const LOOK_EVERY_MS = 400;

/** After a look that found nothing of all that came until then. */
export const LOOK_AGAIN_MS = 150;

/** A server that offers no other way after so long is not reached by the socket either. */
export const OFFER_WITHIN_MS = 450;

/** A connection that does not stand so long after the server was reached is begun anew. */
export const PATIENCE_MS = 8000;

/** The media of a seat; nothing happens before `start`. */
export function createMedia(options: MediaOptions, around: Surroundings = browserSurroundings()): MediaPort {
  return new SeatMedia(options, around);
}

class SeatMedia implements MediaPort {
  readonly #isExpected: MediaOptions['isExpected'];
  readonly #isScreenExpected: MediaOptions['isExpected'];
  readonly #around: Surroundings;
  readonly #signal: SignalSocket;
  readonly #devices: OwnDevices;
  readonly #masks: OwnMasks;
  readonly #screens: OwnScreens;
  readonly #states = new SeatStates();
  readonly #hearing = new Hearing();
  readonly #listeners = new Set<(state: MediaState) => void>();
  #state: MediaState;
  #link: MediaLink = { state: 'off' };
  #connection: MediaConnection | null = null;
  #lines = NO_LINES;
  #relays: readonly RTCIceServer[] = [];
  #board = new TileBoard();
  #screenBoard = new ScreenBoard();
  #path = new PathWatch();
  #ownSpeech = new SpeechMeter();
  #isSpeaking = false;
  #publishes: boolean | null = null;
  /** Whether the page sends what the seat has. */
  #sends = true;
  /** Whose pictures the page wants; null for all. */
  #pictures: readonly Alias[] | null = null;
  /** Whose picture this seat's line does not carry. */
  #paused: ReadonlySet<Alias> = new Set();
  #pausedScreens: ReadonlySet<Alias> = new Set();
  #drops = NO_DROPS;
  /** What the server was last told of the page, as text. */
  #viewTold = '';
  #cancelLook: (() => void) | null = null;
  /** Rises with every start and end, so that a look that was under way is not continued. */
  #run = 0;
  #cancelPatience: (() => void) | null = null;
  /** Whether the connection stood and may stand again over another way. */
  #isToKeep = false;
  /** While an offer is awaited that was asked for because nothing came any more. */
  #cancelOffer: (() => void) | null = null;

  constructor(options: MediaOptions, around: Surroundings) {
    this.#isExpected = options.isExpected;
    this.#isScreenExpected = options.isScreenExpected ?? (() => false);
    this.#around = around;
    const seat = { ...options, hears: () => this.#hearing.isWanted };
    this.#signal = new SignalSocket(seat, around, {
      joined: () => {
        this.#states.begin();
        this.#hearing.begin();
        this.#viewTold = '';
        this.#drops = NO_DROPS;
        if (this.#cancelPatience !== null) this.#waitForConnection();
        this.#changed();
      },
      frame: (frame) => {
        this.#handleFrame(frame);
      },
      lost: () => {
        this.#recover();
      },
      kept: () => (this.#isToKeep ? (this.#connection?.number ?? null) : null),
      ended: (code) => {
        this.#end({ state: 'ended', code });
      },
    });
    const devicesListener = {
      changed: () => {
        this.#changed();
      },
      track: (kind: MediaKind, track: MediaStreamTrack | null) => {
        void this.#connection?.setOwnTrack(kind, track);
        this.#masks.take(kind, track);
      },
    };
    const tracksListener = {
      changed: devicesListener.changed,
      track: (name: MediaTrack, track: MediaStreamTrack | null) => {
        void this.#connection?.setOwnTrack(name, track);
      },
    };
    this.#masks = new OwnMasks(around.masks, around.clock, tracksListener);
    this.#screens = new OwnScreens(around.devices, tracksListener);
    this.#devices = new OwnDevices(around.devices, devicesListener, options.chosen);
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
    if (this.#isRunning) return;
    this.#run++;
    this.#link = { state: 'connecting' };
    this.#around.network.addEventListener('online', this.#handleOnline);
    this.#signal.open();
    this.#waitForConnection();
    this.#lookLater();
    this.#changed();
  }

  stop(): void {
    this.#end({ state: 'off' });
  }

  setHearing(on: boolean): void {
    const news = this.#hearing.want(on, this.#signal.isOpen);
    if (news !== null) this.#signal.send(news);
    this.#changed();
  }

  setSending(on: boolean): void {
    this.#sends = on;
    if (!on) this.#devices.stop();
    else if (this.#publishes === true) this.#devices.start();
    this.#changed();
  }

  setPictures(sources: readonly Alias[] | null): void {
    this.#pictures = sources;
    this.#tellView();
  }

  setMicrophone(on: boolean): void {
    this.#devices.set('audio', on);
  }

  setCamera(on: boolean): void {
    this.#devices.set('video', on);
  }

  chooseDevice(use: DeviceUse, device: DeviceRef | null): void {
    if (use === 'loudspeaker') this.#devices.chooseLoudspeaker(device);
    else this.#devices.choose(KIND_OF[use], device);
  }

  noteLost(use: keyof typeof KIND_OF): void {
    this.#devices.noteLost(KIND_OF[use]);
  }

  setHand(up: boolean): void {
    this.#states.setHand(up);
    this.#changed();
  }

  lowerHand(alias: Alias): void {
    this.#signal.send({ type: 'lower_hand', alias });
  }

  startScreen(use: ScreenUse): void {
    void this.#screens.start(use);
  }

  stopScreen(use: ScreenUse): void {
    this.#screens.stop(use);
  }

  async soundTone(): Promise<void> {
    const connection = this.#connection;
    if (connection === null || this.#publishes !== true) return;
    const masked = this.#masks.tracks.masked_audio ?? null;
    await Promise.all([
      this.#soundToneOver(connection, 'audio', () => this.#devices.tracks.audio),
      masked && this.#soundToneOver(connection, 'masked_audio', () => this.#masks.tracks.masked_audio ?? null),
    ]);
  }

  /** The tone in one version of the own voice; afterwards that version alone again, as it is then. */
  async #soundToneOver(
    connection: MediaConnection,
    name: MediaTrack,
    voice: () => MediaStreamTrack | null,
  ): Promise<void> {
    const tone = await this.#around.mixTone(voice());
    if (tone === null) return;
    await connection.setOwnTrack(name, tone.track);
    await tone.over;
    await connection.setOwnTrack(name, voice());
    tone.end();
  }

  resumeSound(): void {
    this.#changed();
  }

  get #isRunning(): boolean {
    return this.#link.state !== 'off' && this.#link.state !== 'ended';
  }

  // -- what comes ----------------------------------------------------------------------------------------------------

  #handleFrame(frame: AnySignalToSeat): void {
    switch (frame.type) {
      case 'media_relays':
        this.#handleRelays(frame);
        return;
      case 'media_offer':
        void this.#handleOffer(frame);
        return;
      case 'media_gone':
        if (frame.connection === this.#connection?.number) this.#handleGone(frame.reason);
        return;
      case 'seat_shown':
        this.#states.take(frame);
        this.#changed();
        return;
      case 'pictures_paused':
        this.#paused = new Set(frame.pictures.filter(({ track }) => track !== 'screen').map(({ alias }) => alias));
        this.#pausedScreens = new Set(
          frame.pictures.filter(({ track }) => track === 'screen').map(({ alias }) => alias),
        );
        this.#changed();
        return;
      case 'hand_lowered':
        this.#states.lowered(frame.by);
        this.#changed();
        return;
      case 'room_heard':
        this.#hearing.take(frame.on);
        this.#changed();
        return;
      case 'drops_seen':
        this.#drops = { seats: frame.seats, strays: frame.strays };
        this.#changed();
        return;
      case 'media_connected': // the browser knows it as well
      case 'refused': // an answer that came too late
      case 'goodbye':
    }
  }

  /** The pass that was good until now ends soon: a connection that may need it looks for its way anew. */
  #handleRelays({ urls, username, credential }: MediaRelays): void {
    this.#relays = [{ urls: [...urls], username, credential }];
    if (this.#connection === null) return;
    this.#connection.setRelays(this.#relays);
    this.#signal.send({ type: 'restart_media' });
  }

  async #handleOffer({ connection: number, revision, sdp }: MediaOffer): Promise<void> {
    this.#cancelOffer?.();
    this.#cancelOffer = null;
    const connection = this.#connectionOf(number);
    const answer = await connection.answer(sdp).catch(() => null);
    if (answer === null || connection !== this.#connection) return; // what cannot be answered is begun anew in time
    this.#signal.send({ type: 'media_answer', connection: number, revision, sdp: answer });
    this.#lines = connection.lines;
    this.#publishes = this.#lines.sending.length > 0;
    this.#masks.want(this.#lines.sending);
    if (this.#publishes && this.#sends) this.#devices.start();
    if (this.#pictures !== null) this.#tellView(); // what is not named is sent in full
    if (connection.health === 'connected') this.#handleConnected();
    this.#changed();
  }

  /** The connection with this number; another one than before takes its place. */
  #connectionOf(number: number): MediaConnection {
    if (this.#connection?.number === number) return this.#connection;
    this.#connection?.close();
    this.#board = new TileBoard();
    this.#path = new PathWatch();
    this.#screenBoard = new ScreenBoard();
    this.#paused = this.#pausedScreens = new Set();
    const ownTracks = { ...this.#devices.tracks, ...this.#masks.tracks, ...this.#screens.tracks };
    const connection = new MediaConnection(number, this.#around.newPeerConnection(this.#relays), ownTracks, {
      streamed: () => {
        this.#changed();
      },
      healthChanged: () => {
        if (connection !== this.#connection) return;
        if (connection.health === 'connected') this.#handleConnected();
        if (connection.health === 'broken') this.#recover();
      },
    });
    this.#connection = connection;
    return connection;
  }

  #handleConnected(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = null;
    this.#isToKeep = true;
    this.#link = { state: 'connected' };
    this.#changed();
  }

  /** The server has ended the connection; where nobody begins another one, this page does. */
  #handleGone(reason: string): void {
    if (['silent', 'handshake_failed', 'closed_by_peer'].includes(reason)) this.#beginAnew();
    else this.#recover();
  }

  // -- coming back ---------------------------------------------------------------------------------------------------

  readonly #handleOnline = (): void => {
    this.#recover();
    if (this.#signal.isWaiting) this.#signal.open();
    else this.#expectOffer();
  };

  /** Nothing comes any more, long before the browser says so. */
  #handleSilence(): void {
    this.#signal.send({ type: 'restart_media' });
    this.#expectOffer();
  }

  /** A server that does not answer over the socket is asked over a new one; the connection is kept meanwhile. */
  #expectOffer(): void {
    if (!this.#signal.isOpen) return;
    this.#cancelOffer?.();
    this.#cancelOffer = this.#around.clock.after(OFFER_WITHIN_MS, () => {
      this.#cancelOffer = null;
      if (this.#cancelPatience === null) this.#waitForConnection();
      this.#signal.open();
      this.#handleLost();
    });
  }

  /** Asks for a way over the network as it is now. */
  #recover(): void {
    this.#signal.send({ type: 'restart_media' });
    if (this.#cancelPatience === null) this.#waitForConnection();
    this.#handleLost();
  }

  /** Joins again: the server offers a new connection. */
  #beginAnew(): void {
    this.#isToKeep = false;
    this.#joinAgain();
  }

  #joinAgain(): void {
    this.#waitForConnection();
    if (!this.#signal.isWaiting) this.#signal.open();
    this.#handleLost();
  }

  /** While the server itself is not reached, nothing shows that the connection is of no use. */
  #waitForConnection(): void {
    this.#cancelPatience?.();
    this.#cancelPatience = this.#around.clock.after(PATIENCE_MS, () => {
      if (this.#signal.isOpen) this.#beginAnew();
      else this.#joinAgain();
    });
  }

  #handleLost(): void {
    if (this.#link.state === 'connected') this.#link = { state: 'reconnecting' };
    this.#changed();
  }

  #end(link: MediaLink): void {
    this.#run++;
    this.#link = link;
    this.#around.network.removeEventListener('online', this.#handleOnline);
    this.#cancelPatience?.();
    this.#cancelOffer?.();
    this.#cancelLook?.();
    this.#cancelPatience = this.#cancelOffer = this.#cancelLook = null;
    this.#signal.close();
    this.#connection?.close();
    this.#connection = null;
    this.#isToKeep = false;
    this.#lines = NO_LINES;
    this.#devices.stop();
    this.#masks.stop();
    this.#screens.end();
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
      const isDue = (source: Alias, kind: MediaKind): boolean =>
        this.#isExpected(source) &&
        this.#isWanted(source, kind) &&
        this.#states.isSent(source, kind) &&
        !(kind === 'video' && this.#paused.has(source));
      const isScreenDue = (source: Alias): boolean =>
        this.#isScreenExpected(source) && this.#states.of(source)?.screen === true && !this.#pausedScreens.has(source);
      this.#board.observe(this.#lines, counts.lines, isDue, now);
      this.#screenBoard.observe(this.#lines, counts.lines, isScreenDue, now);
      this.#isSpeaking = this.#ownSpeech.observe(counts.ownLevel, now);
      this.#tellView();
      if (this.#path.observe(counts.octets, now)) this.#handleSilence();
    }
    this.#changed();
    this.#lookLater();
  }

  #isWanted(source: Alias, kind: MediaKind): boolean {
    return kind === 'audio' ? this.#hearing.isWanted : (this.#pictures?.includes(source) ?? true);
  }

  get #ownScreens(): OwnMedia['screens'] {
    return { screen: this.#screens.screen('screen'), desktop: this.#screens.screen('desktop') };
  }

  /** Tells the server what the person has switched, once it is known that this seat has anything to switch. */
  #tell(): void {
    if (this.#publishes !== true || !this.#signal.isOpen) return;
    const news = this.#states.news({
      microphone: this.#own('audio'),
      camera: this.#own('video'),
      protection: this.#protection,
      screens: this.#ownScreens,
    });
    if (news !== null) this.#signal.send(news);
  }

  /** A device of which nothing can be sent has failed, whatever it does. */
  #own(kind: MediaKind): OwnDevice {
    if (this.#connection?.refused.includes(kind) === true) return { state: 'failed', trouble: 'unsupported' };
    return this.#devices.device(kind);
  }

  get #protection(): OwnMedia['protection'] {
    return { picture: this.#masks.protection('video'), voice: this.#masks.protection('audio') };
  }

  /** Tells the server how large each seat is shown, when that has changed. */
  #tellView(): void {
    const tiles = tileViews(
      this.#lines,
      this.#connection?.streams ?? new Map<string, MediaStream>(),
      this.#around.videos(),
      this.#around.pixelRatio(),
      this.#pictures,
    );
    const view = JSON.stringify(tiles);
    if (view === this.#viewTold || tiles.length === 0 || !this.#signal.isOpen) return;
    this.#viewTold = view;
    this.#signal.send({ type: 'view_tiles', tiles });
  }

  #changed(): void {
    this.#tell();
    const state = keepSame(this.#state, this.#makeState());
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #makeState(): MediaState {
    const streams = this.#connection?.streams ?? new Map<string, MediaStream>();
    const shownOf = (alias: Alias): Shown | null => this.#states.of(alias);
    return {
      link: this.#link,
      tiles: this.#board.tiles(this.#lines, streams, this.#paused, shownOf),
      screens: this.#screenBoard.screens(this.#lines, streams, this.#pausedScreens, shownOf),
      own: {
        publishes: this.#publishes,
        stream: this.#devices.stream,
        sound: this.#devices.sound,
        microphone: this.#own('audio'),
        camera: this.#own('video'),
        speaking: this.#isSpeaking,
        protection: this.#protection,
        covered: this.#masks.covered,
        hand: this.#states.hand,
        screens: this.#ownScreens,
        lists: this.#devices.lists,
        uses: {
          microphone: this.#devices.inUse('audio'),
          camera: this.#devices.inUse('video'),
          loudspeaker: this.#devices.loudspeaker,
        },
      },
      drops: this.#drops,
      isHeard: this.#link.state === 'connected' && this.#hearing.isInForce,
      needsGesture: this.#around.isSoundBlocked(),
    };
  }
}
