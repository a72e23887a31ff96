/** The bell at an operator's desk: rings while somebody calls, if the operator has allowed it to sound. */

/** One note of the bell. */
export interface Note {
  /** Hertz. */
  readonly pitch: number;
  /** Seconds after the beginning of the ring. */
  readonly start: number;
  /** Seconds. */
  readonly length: number;
}

/** What makes the notes sound. */
export interface Speaker {
  /** Whether the browser lets it sound; most do only after the person has touched the page. */
  readonly open: () => Promise<boolean>;
  readonly play: (notes: readonly Note[]) => void;
}

/** Two soft notes, a falling third. */
export const RING: readonly Note[] = [
  { pitch: 659.26, start: 0, length: 0.7 },
  { pitch: 523.25, start: 0.35, length: 1.1 },
];

/** From one ring to the next. */
export const RING_EVERY_MS = 4000;

const KEPT_UNDER = 'lianping.bell';

export class Bell {
  /** Whether it sounds when somebody calls. */
  isOn = false;
  readonly #speaker: Speaker;
  readonly #storage: Storage;
  #isRinging = false;
  #ringing: ReturnType<typeof setInterval> | undefined;

  constructor(speaker: Speaker, storage: Storage = sessionStorage) {
    this.#speaker = speaker;
    this.#storage = storage;
  }

  /** Whether it was switched on before this page was loaded again, so that the next touch may switch it on. */
  get wasOn(): boolean {
    return this.#storage.getItem(KEPT_UNDER) === 'on';
  }

  /** To be called from a click or a key. */
  async switchOn(): Promise<void> {
    this.#storage.setItem(KEPT_UNDER, 'on');
    this.isOn = await this.#speaker.open();
    this.#follow();
  }

  switchOff(): void {
    this.#storage.setItem(KEPT_UNDER, 'off');
    this.isOn = false;
    this.#follow();
  }

  /** Rings from now on, or no more. */
  ring(isRinging: boolean): void {
    this.#isRinging = isRinging;
    this.#follow();
  }

  #follow(): void {
    const shallSound = this.#isRinging && this.isOn;
    if (shallSound === (this.#ringing !== undefined)) return;
    clearInterval(this.#ringing);
    this.#ringing = undefined;
    if (!shallSound) return;
    this.#speaker.play(RING);
    this.#ringing = setInterval(() => {
      this.#speaker.play(RING);
    }, RING_EVERY_MS);
  }
}
