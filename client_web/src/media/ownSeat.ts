/** This seat: its devices, their protected versions and its screens put together, and what others are told of it. */

import type { Alias, MediaTrack, ShowSeat } from '../protocol/generated';
import type { ChosenDevices } from './deviceLists';
import type { MediaConnection } from './mediaConnection';
import type { OwnDevice, OwnMedia } from './mediaPort';
import type { MediaKind } from './negotiation';
import { OwnDevices } from './ownDevices';
import { OwnScreens } from './ownScreens';
import { OwnSwitches } from './ownSwitches';
import { OwnMasks } from './privacy/ownMasks';
import type { Ear, Listen } from './soundLevel';
import type { Surroundings } from './surroundings';
import { SpeechMeter } from './trackFlow';

/** What the seat tells. */
export interface OwnSeatListener {
  readonly changed: () => void;
  /** From now on this is what it sends. */
  readonly track: (name: MediaTrack, track: MediaStreamTrack | null) => void;
}

type OwnSurroundings = Pick<Surroundings, 'clock' | 'devices' | 'masks' | 'listen' | 'mixTone'>;

export class OwnSeat {
  readonly devices: OwnDevices;
  readonly screens: OwnScreens;
  readonly #masks: OwnMasks;
  readonly #listen: Listen;
  readonly #mixTone: Surroundings['mixTone'];
  readonly #switches = new OwnSwitches();
  readonly #speech = new SpeechMeter();
  #isSpeaking = false;
  /** To the track that is heard, where the browser counts nothing of it. */
  #ear: { readonly track: MediaStreamTrack; readonly ear: Ear } | null = null;
  #publishes: boolean | null = null;
  /** Whether the page sends what the seat has. */
  #sends = true;

  constructor(around: OwnSurroundings, listener: OwnSeatListener, chosen?: ChosenDevices) {
    this.#listen = around.listen;
    this.#mixTone = around.mixTone;
    this.#masks = new OwnMasks(around.masks, around.clock, listener);
    this.screens = new OwnScreens(around.devices, listener);
    const bare = {
      changed: listener.changed,
      track: (kind: MediaKind, track: MediaStreamTrack | null) => {
        listener.track(kind, track);
        this.#masks.take(kind, track);
      },
    };
    this.devices = new OwnDevices(around.devices, bare, chosen);
  }

  /** Everything there is to send now. */
  get tracks(): Partial<Record<MediaTrack, MediaStreamTrack | null>> {
    return { ...this.devices.tracks, ...this.#masks.tracks, ...this.screens.tracks };
  }

  /** The server has offered a line for each of these. */
  offered(names: readonly MediaTrack[]): void {
    this.#publishes = names.length > 0;
    this.#masks.want(names);
    if (this.#publishes && this.#sends) this.devices.start();
  }

  /** Whether the page sends camera and microphone, if the seat has them. */
  setSending(on: boolean): void {
    this.#sends = on;
    if (!on) this.devices.stop();
    else if (this.#publishes === true) this.devices.start();
  }

  /** The person raises the hand, or lowers it. */
  setHand(isUp: boolean): void {
    this.#switches.setHand(isUp);
  }

  /** Somebody has lowered the hand. */
  handLowered(by: Alias): void {
    this.#switches.lowered(by);
  }

  /** Lets everything go. */
  stop(): void {
    this.devices.stop();
    this.#masks.stop();
    this.screens.end();
    this.#hear(null);
  }

  /** Takes what has been counted: the level of the microphone, 0 to 1; null where the browser counts none. */
  observe(level: number | null, now: number): void {
    this.#hear(level === null ? this.devices.tracks.audio : null);
    this.#isSpeaking = this.#speech.observe(level ?? this.#ear?.ear.loudest() ?? 0, now);
  }

  /** Listens to this track itself from now on, or to none. */
  #hear(track: MediaStreamTrack | null): void {
    if (track === (this.#ear?.track ?? null)) return;
    this.#ear?.ear.end();
    this.#ear = track && { track, ear: this.#listen(track) };
  }

  /** A socket begins: the server is to be told everything. */
  begin(): void {
    this.#switches.begin();
  }

  /**
   * What the server is to be told, once it is known that this seat has anything to switch; null where it knows.
   *
   * @param refused - the kinds for which this browser has no codec.
   */
  news(refused: readonly MediaKind[]): ShowSeat | null {
    if (this.#publishes !== true) return null;
    return this.#switches.news({
      microphone: this.#device('audio', refused),
      camera: this.#device('video', refused),
      protection: this.#protection,
      screens: this.#screenStates,
    });
  }

  /** Everything there is to show; `refused` as in `news`. */
  state(refused: readonly MediaKind[]): OwnMedia {
    return {
      publishes: this.#publishes,
      stream: this.devices.stream,
      sound: this.devices.sound,
      microphone: this.#device('audio', refused),
      camera: this.#device('video', refused),
      speaking: this.#isSpeaking,
      protection: this.#protection,
      covered: this.#masks.covered,
      hand: this.#switches.hand,
      screens: this.#screenStates,
      lists: this.devices.lists,
      uses: {
        microphone: this.devices.inUse('audio'),
        camera: this.devices.inUse('video'),
        loudspeaker: this.devices.loudspeaker,
      },
    };
  }

  /** Others hear a tone in every version of the own voice. Resolves when it is over. */
  async soundTone(connection: MediaConnection): Promise<void> {
    if (this.#publishes !== true) return;
    const masked = this.#masks.tracks.masked_audio ?? null;
    await Promise.all([
      this.#soundToneOver(connection, 'audio', () => this.devices.tracks.audio),
      masked && this.#soundToneOver(connection, 'masked_audio', () => this.#masks.tracks.masked_audio ?? null),
    ]);
  }

  /** The tone in one version of the own voice; afterwards that version alone again, as it is then. */
  async #soundToneOver(
    connection: MediaConnection,
    name: MediaTrack,
    voice: () => MediaStreamTrack | null,
  ): Promise<void> {
    const tone = await this.#mixTone(voice());
    if (tone === null) return;
    await connection.setOwnTrack(name, tone.track);
    await tone.over;
    await connection.setOwnTrack(name, voice());
    tone.end();
  }

  /** A device of which nothing can be sent has failed, whatever it does. */
  #device(kind: MediaKind, refused: readonly MediaKind[]): OwnDevice {
    return refused.includes(kind) ? { state: 'failed', trouble: 'unsupported' } : this.devices.device(kind);
  }

  get #protection(): OwnMedia['protection'] {
    return { picture: this.#masks.protection('video'), voice: this.#masks.protection('audio') };
  }

  get #screenStates(): OwnMedia['screens'] {
    return { screen: this.screens.screen('screen'), desktop: this.screens.screen('desktop') };
  }
}
