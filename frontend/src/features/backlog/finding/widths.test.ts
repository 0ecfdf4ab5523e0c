import { expect, test } from 'vitest';
import { fitting, typed, withWidth } from './widths';

test('a width stays within what can be seen and dragged back', () => {
  expect([fitting(3), fitting(120.4), fitting(5000)]).toEqual([30, 120, 1000]);
});

test('an empty field, or none of digits, asks for the usual width', () => {
  expect([typed(''), typed(' '), typed('wide'), typed('80')]).toEqual([undefined, undefined, undefined, 80]);
});

test('a width is set and taken away without touching the others', () => {
  expect(withWidth({ key: 90, title: 300 }, 'title', 200)).toEqual({ key: 90, title: 200 });
  expect(withWidth({ key: 90, title: 300 }, 'title', undefined)).toEqual({ key: 90 });
});
