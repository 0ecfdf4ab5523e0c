import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

type Theme = Record<string, string>;

const css = readFileSync('src/app/tokens.css', 'utf8');

/** The colours of the two blocks of tokens.css: light, dark. */
function themes(): Theme[] {
  return [...css.matchAll(/\{([^}]*)\}/g)].map(([, block = '']) =>
    Object.fromEntries(
      [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/gi)].map(([, name, hex]) => [name, long(hex)]),
    ),
  );
}

const long = (hex = '') => (hex.length === 4 ? `#${[...hex.slice(1)].map((c) => c + c).join('')}` : hex);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(theme: Theme, a: string, b: string): number {
  const [x, y] = [luminance(theme[a] ?? ''), luminance(theme[b] ?? '')];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const severities = ['critical', 'high', 'medium', 'low', 'ok', 'purple'];
const grounds = ['page', 'surface', 'sunken', 'hover', 'active'];

const textPairs: [string, string][] = [
  ...grounds.flatMap((g): [string, string][] => [
    ['text', g],
    ['dim', g],
  ]),
  ...['page', 'surface', 'accent-soft', 'sunken'].map((g): [string, string] => ['accent', g]),
  ['text', 'track'],
  ['surface', 'text'],
  ['on-accent', 'accent'],
  ...severities.flatMap((s) => [`${s}-bg`, ...grounds].map((g): [string, string] => [`${s}-fg`, g])),
];

const graphicPairs: [string, string][] = [
  ...severities.flatMap((s): [string, string][] => [
    [s, 'surface'],
    [s, 'track'],
  ]),
  ...['surface', 'page', 'sunken'].map((g): [string, string] => ['ctl', g]),
  ['accent', 'surface'],
  ['dim', 'surface'],
];

describe.each([
  ['light', 0],
  ['dark', 1],
])('colours of the %s theme', (_, index) => {
  const theme = themes()[index] ?? {};
  test('text has a contrast of at least 4.5 on every ground it stands on', () => {
    expect(textPairs.filter(([a, b]) => !(contrast(theme, a, b) >= 4.5))).toEqual([]);
  });
  test('graphics and edges of controls have a contrast of at least 3', () => {
    expect(graphicPairs.filter(([a, b]) => !(contrast(theme, a, b) >= 3))).toEqual([]);
  });
});
