/**
 * A small, safe part of Markdown, as a tree: paragraphs, headings, lists, quotes, code, emphasis, links. HTML is text
 * like any other, images are links, and only web addresses lead anywhere, so that nothing somebody typed can run or load.
 */
export type Inline =
  | { is: 'text' | 'code' | 'mention'; text: string }
  | { is: 'strong' | 'em' | 'del'; inside: Inline[] }
  | { is: 'link'; href: string; inside: Inline[] }
  | { is: 'break' };

export type Block =
  | { is: 'paragraph' | 'heading'; inside: Inline[] }
  | { is: 'code'; text: string }
  | { is: 'quote'; inside: Block[] }
  | { is: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { is: 'rule' };

/** How deep quotes, lists and emphasis may nest; what is deeper stays text. */
const deepest = 6;
const longest = 40_000;

/** Names are those of people who were mentioned: `@Name` of them stands out. */
export function parseMarkdown(source: string, names: readonly string[] = []): Block[] {
  const text = source.slice(0, longest).replaceAll('\r\n', '\n').replaceAll('\t', '    ');
  return blocks(text.split('\n'), 0, names);
}

/** An address that may be followed: of the web, and without a password in it. */
export function webAddress(text: string): string | null {
  if (text.length > 2000 || !/^https?:\/\//i.test(text)) return null;
  try {
    const url = new URL(text);
    const web = url.protocol === 'https:' || url.protocol === 'http:';
    return web && url.hostname && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

// ---- blocks

const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/;
const rule = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const quote = /^ {0,3}> ?/;
const bullet = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
const blank = /^\s*$/;

function blocks(lines: string[], depth: number, names: readonly string[]): Block[] {
  const out: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (blank.test(line)) {
      at += 1;
      continue;
    }
    const [block, next] = one(lines, at, depth, names);
    out.push(block);
    at = next;
  }
  return out;
}

/** The block that begins at a line, and the line after it. */
function one(lines: string[], at: number, depth: number, names: readonly string[]): [Block, number] {
  const line = lines[at] ?? '';
  const mark = fence.exec(line)?.[1];
  if (mark) return fenced(lines, at, mark);
  const head = heading.exec(line);
  if (head) return [{ is: 'heading', inside: inline(head[1] ?? '', names) }, at + 1];
  if (rule.test(line)) return [{ is: 'rule' }, at + 1];
  if (depth < deepest && quote.test(line)) return quoted(lines, at, depth, names);
  if (depth < deepest && bullet.test(line)) return listed(lines, at, depth, names);
  let end = at + 1;
  while (end < lines.length && !begins(lines[end] ?? '', depth)) end += 1;
  const text = lines
    .slice(at, end)
    .map((l) => l.trim())
    .join('\n');
  return [{ is: 'paragraph', inside: inline(text, names) }, end];
}

/** Does a line end the paragraph before it? */
const begins = (line: string, depth: number) =>
  blank.test(line) ||
  fence.test(line) ||
  heading.test(line) ||
  rule.test(line) ||
  (depth < deepest && (quote.test(line) || bullet.test(line)));

function fenced(lines: string[], at: number, mark: string): [Block, number] {
  let end = at + 1;
  const closes = (l: string) => l.trim().startsWith(mark) && l.trim().replaceAll(mark[0] ?? '', '') === '';
  while (end < lines.length && !closes(lines[end] ?? '')) end += 1;
  return [{ is: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
}

function quoted(lines: string[], at: number, depth: number, names: readonly string[]): [Block, number] {
  let end = at;
  while (end < lines.length && quote.test(lines[end] ?? '')) end += 1;
  const inside = lines.slice(at, end).map((l) => l.replace(quote, ''));
  return [{ is: 'quote', inside: blocks(inside, depth + 1, names) }, end];
}

function listed(lines: string[], at: number, depth: number, names: readonly string[]): [Block, number] {
  const first = bullet.exec(lines[at] ?? '')?.[2] ?? '-';
  const ordered = /\d/.test(first);
  const items: Block[][] = [];
  let end = at;
  while (end < lines.length) {
    const mark = bullet.exec(lines[end] ?? '');
    if (!mark || /\d/.test(mark[2] ?? '') !== ordered || rule.test(lines[end] ?? '')) break;
    const [item, next] = itemLines(lines, end, mark);
    items.push(blocks(item, depth + 1, names));
    end = next;
  }
  return [{ is: 'list', ordered, start: ordered ? Number.parseInt(first, 10) : 1, items }, end];
}

/** The lines of one item, without its mark; indented ones below it belong to it. */
function itemLines(lines: string[], at: number, mark: RegExpExecArray): [string[], number] {
  const width = mark[0].length || 2;
  const item = [(lines[at] ?? '').slice(mark[0].length)];
  let end = at + 1;
  while (end < lines.length) {
    const line = lines[end] ?? '';
    const deeper = /^ {2,}/.test(line);
    const goesOn = deeper || (!begins(line, 0) && !blank.test(lines[end - 1] ?? ''));
    const gap = blank.test(line) && /^ {2,}\S/.test(lines[end + 1] ?? '');
    if (!goesOn && !gap) break;
    item.push(line.replace(new RegExp(`^ {0,${Math.min(width, 10)}}`), ''));
    end += 1;
  }
  return [item, end];
}

// ---- inside a line

const emphasis: readonly (readonly [mark: string, is: 'strong' | 'em' | 'del'])[] = [
  ['**', 'strong'],
  ['__', 'strong'],
  ['~~', 'del'],
  ['*', 'em'],
  ['_', 'em'],
];
const special = /[\\`*_~[!<@\nh]/g;
const wordPart = /[\p{L}\p{N}_]/u;

/** Reads a line from left to right; each step takes a piece or one character, so that no text takes long. */
class Reader {
  out: Inline[] = [];
  private at = 0;
  private plain = '';
  /** Marks that do not come again: they are not looked for twice. */
  private missing = new Set<string>();

  constructor(
    private text: string,
    private names: readonly string[],
    private depth: number,
    private inLink: boolean,
  ) {}

  read(): Inline[] {
    while (this.at < this.text.length) {
      special.lastIndex = this.at;
      const next = special.exec(this.text)?.index ?? this.text.length;
      this.plain += this.text.slice(this.at, next);
      this.at = next;
      if (next < this.text.length && !this.piece()) {
        this.plain += this.text[this.at] ?? '';
        this.at += 1;
      }
    }
    this.flush();
    return this.out;
  }

  private flush() {
    if (this.plain) this.out.push({ is: 'text', text: this.plain });
    this.plain = '';
  }

  private take(piece: Inline, end: number): true {
    this.flush();
    this.out.push(piece);
    this.at = end;
    return true;
  }

  /** Takes what begins here, if something does. */
  private piece(): boolean {
    switch (this.text[this.at]) {
      case '\n':
        return this.take({ is: 'break' }, this.at + 1);
      case '\\':
        return this.escaped();
      case '`':
        return this.code();
      case '[':
        return this.link(this.at, '');
      case '!':
        return this.text[this.at + 1] === '[' && this.link(this.at + 1, 'Image: ');
      case '<':
        return this.angled();
      case '@':
        return this.mention();
      case 'h':
        return this.address();
    }
    return emphasis.some(([mark, is]) => this.emphasised(mark, is));
  }

  private find(mark: string, from: number): number {
    if (this.missing.has(mark)) return -1;
    const found = this.text.indexOf(mark, from);
    if (found < 0) this.missing.add(mark);
    return found;
  }

  private escaped(): boolean {
    const next = this.text[this.at + 1] ?? '';
    if (!/[!-/:-@[-`{-~]/.test(next)) return false;
    this.plain += next;
    this.at += 2;
    return true;
  }

  private code(): boolean {
    const ticks = /`+/y;
    ticks.lastIndex = this.at;
    const mark = ticks.exec(this.text)?.[0] ?? '`';
    const from = this.at + mark.length;
    const end = this.find(mark, from);
    if (end <= from) return false;
    return this.take({ is: 'code', text: this.text.slice(from, end).trim() }, end + mark.length);
  }

  private emphasised(mark: string, is: 'strong' | 'em' | 'del'): boolean {
    if (this.depth >= deepest || !this.text.startsWith(mark, this.at)) return false;
    if (mark[0] === '_' && wordPart.test(this.text[this.at - 1] ?? '')) return false; // snake_case
    const from = this.at + mark.length;
    const end = this.find(mark, from);
    if (end <= from || /\s/.test(this.text[from] ?? '') || /\s/.test(this.text[end - 1] ?? '')) return false;
    if (mark[0] === '_' && wordPart.test(this.text[end + mark.length] ?? '')) return false;
    return this.take({ is, inside: this.inner(this.text.slice(from, end), this.inLink) }, end + mark.length);
  }

  private inner(text: string, inLink: boolean): Inline[] {
    return new Reader(text, this.names, this.depth + 1, inLink).read();
  }

  private link(open: number, prefix: string): boolean {
    if (this.inLink || this.depth >= deepest) return false;
    const form =
      /\[([^[\]\n]{1,500})\]\(\s*<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,200})?)>?(?:\s+"[^"\n]{0,200}")?\s*\)/y;
    form.lastIndex = open;
    const found = form.exec(this.text);
    const href = webAddress(found?.[2] ?? '');
    if (!found || !href) return false;
    const inside = this.inner(found[1] ?? '', true);
    return this.take(
      { is: 'link', href, inside: prefix ? [{ is: 'text', text: prefix }, ...inside] : inside },
      open + found[0].length,
    );
  }

  private angled(): boolean {
    const form = /<([^\s<>]{1,2000})>/y;
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    const href = webAddress(found?.[1] ?? '');
    if (!found || !href || this.inLink) return false;
    return this.take({ is: 'link', href, inside: [{ is: 'text', text: found[1] ?? '' }] }, this.at + found[0].length);
  }

  private address(): boolean {
    if (this.inLink || wordPart.test(this.text[this.at - 1] ?? '')) return false;
    const form = /https?:\/\/[^\s<>"'`[\]]{1,2000}/iy;
    form.lastIndex = this.at;
    const text = (form.exec(this.text)?.[0] ?? '').replace(/[.,;:!?)*_~]+$/, '');
    const href = webAddress(text);
    return href !== null && this.take({ is: 'link', href, inside: [{ is: 'text', text }] }, this.at + text.length);
  }

  private mention(): boolean {
    if (wordPart.test(this.text[this.at - 1] ?? '')) return false;
    const from = this.at + 1;
    const lower = this.text.slice(from, from + 120).toLowerCase();
    const matches = (name: string) =>
      name && lower.startsWith(name.toLowerCase()) && !wordPart.test(lower[name.length] ?? '');
    const spellings = [...this.names, ...this.names.map((n) => n.split(' ')[0] ?? '')];
    const name = spellings.find(matches);
    if (!name) return false;
    return this.take({ is: 'mention', text: this.text.slice(this.at, from + name.length) }, from + name.length);
  }
}

const inline = (text: string, names: readonly string[]): Inline[] =>
  new Reader(
    text,
    names.toSorted((a, b) => b.length - a.length),
    0,
    false,
  ).read();
