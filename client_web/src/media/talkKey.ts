/** 按住说话: the microphone is open while the space bar or the button is held. Pure. */

/** What can be held. */
export type Holder = 'key' | 'button';

export class TalkKey {
  readonly #held = new Set<Holder>();
  readonly #changed: (isHeld: boolean) => void;

  /** @param changed - told when the first is pressed and when the last is let go. */
  constructor(changed: (isHeld: boolean) => void) {
    this.#changed = changed;
  }

  hold(by: Holder): void {
    const wasHeld = this.#held.size > 0;
    this.#held.add(by);
    if (!wasHeld) this.#changed(true);
  }

  release(by: Holder): void {
    if (this.#held.delete(by) && this.#held.size === 0) this.#changed(false);
  }

  /** The page is left while something is held: nobody speaks into a room that they do not see. */
  releaseAll(): void {
    for (const by of [...this.#held]) this.release(by);
  }
}

/** What uses the space bar itself: fields are typed in, buttons are pressed, and a dialog is read. */
const USERS_OF_SPACE =
  'input, textarea, select, button, summary, a[href], [contenteditable]:not([contenteditable="false"]), [role="slider"], dialog *, dialog';

/** Whether what has the focus wants the space bar for itself. */
export function wantsSpace(focused: { matches: (selectors: string) => boolean } | null): boolean {
  return focused?.matches(USERS_OF_SPACE) ?? false;
}
