/** Story points as people type them: halves from 0 to 1000, a comma is a point; empty is no estimate; undefined is a mistake. */
export function parsePoints(text: string): number | null | undefined {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '' || trimmed === '-' || trimmed === '–') return null;
  if (!/^\d{1,4}(\.\d+)?$/.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return value <= 1000 && Number.isInteger(value * 2) ? value : undefined;
}
