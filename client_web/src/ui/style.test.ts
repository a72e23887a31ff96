import { expect, test } from 'vitest';

import style from './style.css?raw';

/** The colours of the tokens, as six hexadecimal digits. */
const COLOURS = new Map(
  [...style.matchAll(/--([a-z-]+): #([0-9a-f]{3,6});/g)].map(([, name, hex]) => [name, six(hex)]),
);

function six(hex = ''): string {
  return hex.length === 3 ? hex.replace(/./g, '$&$&') : hex;
}

/** Source: WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4]
    .map((start) => parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(text: string, ground: string): number {
  const [dark = 0, light = 0] = [text, ground]
    .map((name) => luminance(COLOURS.get(name) ?? name))
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test.each([
  ...['paper', 'card', 'blue-wash', 'good-wash', 'warn-wash', 'bad-wash'].map((ground) => ['ink', ground]),
  ...['paper', 'card'].map((ground) => ['ink-soft', ground]),
  ['blue-deep', 'card'],
  ['blue-deep', 'blue-wash'],
  ['on-blue', 'blue'],
  ['on-blue', 'blue-deep'],
  ['good', 'card'],
  ['good', 'good-wash'],
  ['warn', 'warn-wash'],
  ['bad', 'card'],
  ['bad', 'bad-wash'],
] as [string, string][])('%s on %s can be read: 7:1 or more', (text, ground) => {
  expect(contrast(text, ground)).toBeGreaterThanOrEqual(7);
});

test('the border of a field stands out from its ground: 3:1 or more', () => {
  expect(contrast('line-strong', 'card')).toBeGreaterThanOrEqual(3);
});
