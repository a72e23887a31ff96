import { describe, expect, it } from 'vitest';

import type { MediaTrack } from '../../protocol/generated';
import { HandClock } from '../testWorld/mediaWorld';
import type { MaskListener } from './mask';
import { ANEW_AFTER_MS, BEGUN_WITHIN_MS, OwnMasks, STALLED_AFTER_MS } from './ownMasks';

/** One mask as the browser would make it, moved by hand. */
class HandMask {
  readonly track = { name: 'protected' } as unknown as MediaStreamTrack;
  readonly stream = {} as MediaStream;
  readonly bare: MediaStreamTrack;
  readonly listener: MaskListener;
  hidden = 0;
  isOver = false;

  constructor(bare: MediaStreamTrack, listener: MaskListener) {
    this.bare = bare;
    this.listener = listener;
  }

  hide(): void {
    this.hidden++;
  }

  end(): void {
    this.isOver = true;
  }
}

class World {
  readonly clock = new HandClock();
  readonly made: HandMask[] = [];
  readonly sent: [MediaTrack, MediaStreamTrack | null][] = [];
  cannot = false;
  readonly masks: OwnMasks;

  constructor() {
    const begin = (bare: MediaStreamTrack, listener: MaskListener) => {
      if (this.cannot) throw new TypeError('This browser cannot.');
      const mask = new HandMask(bare, listener);
      this.made.push(mask);
      return mask;
    };
    this.masks = new OwnMasks({ audio: begin, video: begin }, this.clock, {
      changed: () => undefined,
      track: (name, track) => this.sent.push([name, track]),
    });
  }

  get latest(): HandMask {
    const last = this.made.at(-1);
    if (last === undefined) throw new Error('There is no mask.');
    return last;
  }

  /** It lives, for so long. */
  async live(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      this.latest.listener.alive();
      await this.clock.pass(100);
    }
  }
}

function track(): MediaStreamTrack {
  return { name: 'bare' } as unknown as MediaStreamTrack;
}

function working(): World {
  const world = new World();
  world.masks.want(['audio', 'video', 'masked_video']);
  world.masks.take('video', track());
  return world;
}

describe('the protected versions of the own tracks', () => {
  it('are made of what the server asks for, and of nothing else', () => {
    const world = new World();
    world.masks.take('audio', track());
    world.masks.take('video', track());
    expect(world.made).toEqual([]);

    world.masks.want(['audio', 'video', 'masked_audio']);

    expect(world.sent).toEqual([['masked_audio', world.latest.track]]);
    expect(world.masks.protection('audio')).toBe('working');
    expect(world.masks.protection('video')).toBe('none');
  });

  it('go on while the mask lives, and over a new offer', async () => {
    const world = working();

    await world.live(10_000);
    world.masks.want(['audio', 'video', 'masked_video']);

    expect(world.made).toHaveLength(1);
    expect(world.latest.hidden).toBe(0);
    expect(world.masks.protection('video')).toBe('working');
  });

  it('are hidden within a moment once the mask gives no sign of life, and come back with it', async () => {
    const world = working();
    await world.live(1000);

    await world.clock.pass(STALLED_AFTER_MS + 100);

    expect(world.latest.hidden).toBeGreaterThan(0);
    expect(world.masks.protection('video')).toBe('stalled');

    world.latest.listener.alive();

    expect(world.made).toHaveLength(1);
    expect(world.masks.protection('video')).toBe('working');
  });

  it('are made anew by another mask where the first does not come back', async () => {
    const world = working();
    await world.live(1000);
    const first = world.latest;

    await world.clock.pass(STALLED_AFTER_MS + ANEW_AFTER_MS + 200);

    expect(first.isOver).toBe(true);
    expect(world.made).toHaveLength(2);
    expect(world.masks.protection('video')).toBe('stalled');

    first.listener.alive();
    expect(world.masks.protection('video')).toBe('stalled');

    world.latest.listener.alive();
    expect(world.masks.protection('video')).toBe('working');
    expect(world.masks.tracks.masked_video).toBe(world.latest.track);
  });

  it('are never what the device gives, whatever breaks', async () => {
    const world = working();
    const bare = world.latest.bare;
    await world.live(300);
    world.latest.listener.failed();
    await world.clock.pass(60_000);
    world.cannot = true;
    await world.clock.pass(60_000);
    world.masks.take('video', track());
    world.masks.take('video', null);

    expect(world.sent.map(([name]) => name)).not.toContain('video');
    expect(world.sent.map(([, sent]) => sent)).not.toContain(bare);
    expect(world.made.every(({ isOver }) => isOver)).toBe(true);
  });

  it('are told as stalled where this browser cannot make them, and begun again', async () => {
    const world = new World();
    world.cannot = true;
    world.masks.want(['masked_video']);
    world.masks.take('video', track());

    await world.clock.pass(100);
    expect(world.masks.protection('video')).toBe('stalled');
    expect(world.masks.tracks).toEqual({ masked_audio: null, masked_video: null });

    world.cannot = false;
    await world.clock.pass(ANEW_AFTER_MS + 100);
    await world.live(200);
    expect(world.masks.protection('video')).toBe('working');
  });

  it('have time to begin', async () => {
    const world = working();

    await world.clock.pass(BEGUN_WITHIN_MS - 100);
    expect(world.masks.protection('video')).toBe('working');

    await world.clock.pass(200);
    expect(world.masks.protection('video')).toBe('stalled');
  });

  it('follow the device: another one, none, and the end', () => {
    const world = working();
    const first = world.latest;
    world.masks.take('video', track());
    const second = world.latest;
    world.masks.take('video', null);
    world.masks.take('video', track());
    world.masks.stop();

    expect(first.isOver && second.isOver && world.latest.isOver).toBe(true);
    expect(world.sent.map(([, sent]) => sent !== null)).toEqual([true, true, false, true, false]);
  });
});
