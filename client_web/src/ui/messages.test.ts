/** Every sentence exists in both languages, and every key that the interface uses has one. */

import { expect, test } from 'vitest';
import { createI18n } from 'vue-i18n';

import { en } from '../i18n/en';
import { zhCN } from '../i18n/zhCN';
import { FINDINGS } from '../media/precheck/findings';
import {
  DRAW_KIND_VALUES,
  GOODBYE_CODES,
  PHASE_VALUES,
  REJECTION_CODES,
  ROLE_VALUES,
  type Step,
} from '../protocol/generated';
import { goodbyeKey, PAGE_END_CODES, refusalKey } from './refusals';
import { STEPS } from './stepBar';

interface Tree {
  readonly [name: string]: string | Tree;
}

function keysOf(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    typeof value === 'string' ? [path + name] : keysOf(value, `${path}${name}.`),
  );
}

/** The places in each sentence, such as `{bid}`. */
function placesOf(tree: Tree, path = ''): [string, string[]][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string[]][] =>
    typeof value === 'string' ? [[path + name, value.match(/\{\w+\}/g) ?? []]] : placesOf(value, `${path}${name}.`),
  );
}

const ZH = keysOf(zhCN);
const FILES = import.meta.glob<string>(['./**/*.{vue,ts}', '!./**/*.test.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const SOURCES = Object.values(FILES).join('\n');

test('both languages have the same keys', () => {
  expect(keysOf(en)).toEqual(ZH);
});

test('English fills no place that Chinese does not know', () => {
  const known = new Map(placesOf(zhCN));
  const unknown = placesOf(en).filter(([key, places]) => places.some((place) => !known.get(key)?.includes(place)));

  expect(unknown).toEqual([]);
});

test('Chinese is written in Chinese and English without it', () => {
  const chinese = (text: string) => /\p{Script=Han}/u.test(text);
  const textsOf = (tree: Tree): string[] =>
    Object.values(tree).flatMap((value) => (typeof value === 'string' ? [value] : textsOf(value)));

  expect(textsOf(en).filter(chinese)).toEqual([]);
  expect(textsOf(zhCN).filter((text) => !chinese(text) && /[a-z]{3}/i.test(text.replace(/\{\w+\}/g, '')))).toEqual([]);
});

test('every message can be compiled', () => {
  const i18n = createI18n({ legacy: false, locale: 'zh-CN', messages: { 'zh-CN': zhCN, en } });
  for (const key of ZH) {
    for (const locale of ['zh-CN', 'en'] as const) expect(i18n.global.t(key, {}, { locale })).not.toBe(key);
  }
});

/** Keys written out, and the parts of a key around the value put into it, such as `role.` and nothing. */
const literals = new Set([...SOURCES.matchAll(/'([a-z_]+(?:\.[a-zA-Z_]+)+)'/g)].map(([, key = '']) => key));
const templates = [...SOURCES.matchAll(/`([a-z_]+(?:\.[a-z_]+)*\.\$\{[^`]*)`/g)].map(
  ([, text = '']) =>
    new RegExp(`^${text.replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '[a-zA-Z_]+').replaceAll('.', '\\.')}$`),
);

test('every sentence is used', () => {
  const computed = /^(rejection|goodbye)[._]/; // by `refusals.ts`, see below
  const unused = ZH.filter(
    (key) => !literals.has(key) && !computed.test(key) && !templates.some((template) => template.test(key)),
  );

  expect(unused).toEqual([]);
});

test('every key that is written out has a sentence', () => {
  const used = [...SOURCES.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, key = '']) => key);

  expect(used.filter((key) => !ZH.includes(key))).toEqual([]);
});

test('every refusal, goodbye, role, phase, step and draw has a sentence', () => {
  const wanted = [
    ...[...REJECTION_CODES, 'unreachable', 'paused'].map(refusalKey),
    ...[...GOODBYE_CODES, ...PAGE_END_CODES].flatMap((code) => [
      `${goodbyeKey(code)}.title`,
      `${goodbyeKey(code)}.what_to_do`,
    ]),
    ...ROLE_VALUES.map((role) => `role.${role}`),
    ...PHASE_VALUES.flatMap((phase) => [`phase.${phase}`]),
    ...STEPS.map((step) => `step.${step}`),
    ...DRAW_KIND_VALUES.map((kind) => `draw.${kind}`),
  ];

  expect(wanted.filter((key) => !ZH.includes(key))).toEqual([]);
  expect(refusalKey('of_tomorrow')).toBe('rejection_unknown');
  expect(goodbyeKey('of_tomorrow')).toBe('goodbye_unknown');
});

test('no sentence shows the code of a refusal in place of its words', () => {
  expect(placesOf(zhCN).filter(([, places]) => places.includes('{code}'))).toEqual([]);
});

test('no sentence is kept for a refusal that no server gives', () => {
  const codes = Object.keys(zhCN.rejection);

  expect(codes.filter((code) => !REJECTION_CODES.some((known) => known === code))).toEqual([]);
});

test('every finding of the pre-check has its sentence, and whatever did not pass says what to do', () => {
  const all = Object.entries(FINDINGS).flatMap(([part, codes]) =>
    Object.entries(codes).map(([code, mark]) => ({ place: `${part}.${code}`, hasPassed: mark === 'passed' })),
  );
  const wanted = [
    ...all.map(({ place }) => `precheck.found.${place}`),
    ...all.filter(({ hasPassed }) => !hasPassed).map(({ place }) => `precheck.advice.${place}`),
  ];

  expect(ZH.filter((key) => /^precheck\.(found|advice)\./.test(key)).sort()).toEqual(wanted.sort());
});

/** The type says it: a code without a sentence, or a sentence without a code, does not compile. */
const TRACE: Record<Step['code'] | 'title' | 'common', string> = zhCN.trace;

test('every step of a calculation has a sentence with its result', () => {
  const steps = Object.entries(TRACE).filter(([code]) => code !== 'title' && code !== 'common');

  expect(steps.length).toBeGreaterThan(40);
  expect(steps.filter(([code, sentence]) => !sentence.includes('{result}') && !WITHOUT_RESULT.includes(code))).toEqual(
    [],
  );
});

/** Their result is one of the operands. */
const WITHOUT_RESULT = ['gate_passed', 'gate_failed', 'above_ceiling', 'compared_lots'];
