import { beforeEach, expect, test, vi } from 'vitest';

import { pageStorage } from '../testWorld/pageStorage';
import { Bell, RING, RING_EVERY_MS, type Speaker } from './bell';

/** A loudspeaker that counts how often it was played. */
class CountingSpeaker implements Speaker {
  played = 0;
  isAllowed = true;

  readonly open = (): Promise<boolean> => Promise.resolve(this.isAllowed);
  readonly play = (): void => {
    this.played += 1;
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
  };
});

test('nothing sounds before the operator has switched the bell on', async () => {
  const speaker = new CountingSpeaker();
  const bell = new Bell(speaker, pageStorage());

  bell.ring(true);
  expect(speaker.played).toBe(0);

  await bell.switchOn();
  expect([bell.isOn, speaker.played]).toEqual([true, 1]);
});

test('it rings again and again, until somebody has answered', async () => {
  const speaker = new CountingSpeaker();
  const bell = new Bell(speaker, pageStorage());
  await bell.switchOn();

  bell.ring(true);
  bell.ring(true);
  vi.advanceTimersByTime(2 * RING_EVERY_MS);
  expect(speaker.played).toBe(3);

  bell.ring(false);
  vi.advanceTimersByTime(5 * RING_EVERY_MS);
  expect(speaker.played).toBe(3);
});

test('muted, it is silent at once', async () => {
  const speaker = new CountingSpeaker();
  const bell = new Bell(speaker, pageStorage());
  await bell.switchOn();
  bell.ring(true);

  bell.switchOff();
  vi.advanceTimersByTime(5 * RING_EVERY_MS);

  expect([bell.isOn, speaker.played]).toEqual([false, 1]);
});

test('a browser that lets nothing sound is no bell', async () => {
  const speaker = new CountingSpeaker();
  speaker.isAllowed = false;
  const bell = new Bell(speaker, pageStorage());
  bell.ring(true);

  await bell.switchOn();

  expect([bell.isOn, speaker.played]).toEqual([false, 0]);
});

test('the page remembers what the operator wanted', async () => {
  const storage = pageStorage();
  expect(new Bell(new CountingSpeaker(), storage).wasOn).toBe(false);

  const bell = new Bell(new CountingSpeaker(), storage);
  await bell.switchOn();
  expect(new Bell(new CountingSpeaker(), storage).wasOn).toBe(true);

  bell.switchOff();
  expect(new Bell(new CountingSpeaker(), storage).wasOn).toBe(false);
});

test('a ring is over before the next one begins', () => {
  const end = Math.max(...RING.map(({ start, length }) => start + length));

  expect(1000 * end).toBeLessThan(RING_EVERY_MS);
});
