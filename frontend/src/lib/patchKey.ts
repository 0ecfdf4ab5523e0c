/** "#7", "7" and "inf-7" all mean INF-7; null when it is no key. */
export function keyOf(text: string, team: string): string | null {
  const found = /^#?(?:([a-z][a-z0-9]*)-)?0*([1-9]\d{0,8})$/i.exec(text.trim());
  return found ? `${(found[1] ?? team).toUpperCase()}-${found[2]}` : null;
}
