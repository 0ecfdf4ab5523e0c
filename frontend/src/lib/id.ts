/** A random id of 128 bits. `crypto.randomUUID` is missing over plain http from another machine, so it is not used. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}
