import { expect, it } from 'vitest';
import { mentionAt } from './mention';

const names = ['Amara Okafor', 'Bram de Vries', 'Bram', 'Zoë'];
const at = (text: string) => mentionAt(text, text.length, names);

it.each([
  ['hello @', ['Amara Okafor', 'Bram', 'Bram de Vries', 'Zoë']],
  ['hello @bra', ['Bram', 'Bram de Vries']],
  ['@Bram d', ['Bram de Vries']],
  ['(@zo', ['Zoë']],
  ['@oka', ['Amara Okafor']],
  ['@Amara Okafor', ['Amara Okafor']],
  ['@nobody', []],
])('%j offers %j', (text, people) => {
  expect(at(text)?.people).toEqual(people);
});

it.each(['hello', 'a@', 'a@b', '@one two three four five six', ''])('%j is no mention', (text) => {
  expect(at(text)).toBeNull();
});

it('tells where the @ stands', () => {
  expect(mentionAt('say @br to', 7, names)?.from).toBe(4);
});
