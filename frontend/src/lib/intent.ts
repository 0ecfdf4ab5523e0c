import { randomId } from './id';

/**
 * A key for one intent: sending the same thing again after a lost answer keeps it, so that nothing is made twice;
 * a corrected form is another intent and gets another key.
 */
export function makeIntent(): (body: unknown) => string {
  let last: string | undefined;
  let key = '';
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last) {
      last = text;
      key = randomId();
    }
    return key;
  };
}
