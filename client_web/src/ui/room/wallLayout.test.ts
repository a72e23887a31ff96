import { describe, expect, it } from 'vitest';

import type { Tile } from './tiles';
import { arrange, nextSpeaker, type Layout, type Prominent } from './wallLayout';

function tile(alias: string, changes: Partial<Tile> = {}): Tile {
  return {
    alias,
    role: 'expert',
    venue: '甲',
    isMainVenue: alias === 'E1' || alias === 'H1',
    state: 'present',
    rule: null,
    stream: null,
    isCovered: false,
    isVoiceChanged: false,
    hasPicture: alias === 'E3',
    speaking: false,
    microphone: null,
    isHandUp: false,
    handSince: null,
    ...changes,
  };
}

const TILES = ['E1', 'E2', 'E3', 'H1'].map((alias) => tile(alias));
const NOBODY: Prominent = { pinned: null, speaker: null };

describe('arrange', () => {
  it.each<[Layout, Partial<Prominent>, string[]]>([
    ['documents', { speaker: 'E2' }, []],
    ['grid', { speaker: 'E2' }, []],
    ['main_venue', {}, ['E1', 'H1']],
    ['speaker', { speaker: 'E2' }, ['E2']],
    ['speaker', {}, ['E3']],
    ['speaker', { speaker: 'X9' }, ['E3']],
    ['grid', { pinned: 'H1' }, ['H1']],
    ['main_venue', { pinned: 'E2' }, ['E2']],
    ['speaker', { pinned: 'E1', speaker: 'E2' }, ['E1']],
    ['speaker', { pinned: 'X9', speaker: 'E2' }, ['E2']],
  ])('in %s with %o shows large', (layout, prominent, large) => {
    const arranged = arrange(layout, TILES, { ...NOBODY, ...prominent });

    expect(arranged.large.map(({ alias }) => alias)).toEqual(large);
    expect([...arranged.large, ...arranged.around]).toHaveLength(TILES.length);
  });

  it('keeps no large place for somebody of the main venue who is not there', () => {
    const arranged = arrange('main_venue', [tile('E1', { state: 'away' }), tile('E2'), tile('H1')], NOBODY);

    expect(arranged.large.map(({ alias }) => alias)).toEqual(['H1']);
  });

  it('has something large for a speaker where nobody shows a picture', () => {
    const arranged = arrange('speaker', [tile('E1'), tile('E2')], NOBODY);

    expect(arranged.large.map(({ alias }) => alias)).toEqual(['E1']);
  });

  it('has nothing where nobody is', () => {
    expect(arrange('speaker', [], NOBODY)).toEqual({ large: [], around: [] });
  });
});

describe('nextSpeaker', () => {
  const speaking = (...aliases: string[]) =>
    TILES.map((each) => tile(each.alias, { speaking: aliases.includes(each.alias) }));

  it('stays with who speaks, then goes to who speaks next, and remembers who spoke last', () => {
    const order = [speaking('E2'), speaking('E1', 'E2'), speaking('E1'), speaking(), speaking('E3')];
    let speaker: string | null = null;
    const heard = order.map((tiles) => (speaker = nextSpeaker(speaker, tiles, 'H1')));

    expect(heard).toEqual(['E2', 'E2', 'E1', 'E1', 'E3']);
  });

  it('never is the own voice', () => {
    expect(nextSpeaker(null, speaking('E1'), 'E1')).toBeNull();
  });
});
