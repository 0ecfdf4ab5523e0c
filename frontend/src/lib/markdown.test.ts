import { expect, it, test } from 'vitest';
import { type Block, type Inline, parseMarkdown, webAddress } from './markdown';

/** A tree as short text: **b**, _i_, `c`, [text](href), @m; blocks in brackets. */
const line = (list: Inline[]): string =>
  list
    .map((i) => {
      switch (i.is) {
        case 'text':
          return i.text;
        case 'code':
          return `\`${i.text}\``;
        case 'mention':
          return `{${i.text}}`;
        case 'break':
          return '⏎';
        case 'link':
          return `[${line(i.inside)}](${i.href})`;
        default:
          return `<${i.is}>${line(i.inside)}</>`;
      }
    })
    .join('');
const show = (list: Block[]): string =>
  list
    .map((b) => {
      switch (b.is) {
        case 'code':
          return `code{${b.text}}`;
        case 'quote':
          return `quote{${show(b.inside)}}`;
        case 'list':
          return `${b.ordered ? `ol${b.start}` : 'ul'}{${b.items.map(show).join(' | ')}}`;
        case 'rule':
          return 'rule';
        case 'heading':
          return `h{${line(b.inside)}}`;
        default:
          return line(b.inside);
      }
    })
    .join(' / ');

it.each([
  ['plain text', 'plain text'],
  ['one\ntwo\n\nthree', 'one⏎two / three'],
  ['**bold** and *it* and _it_ and ~~gone~~', '<strong>bold</> and <em>it</> and <em>it</> and <del>gone</>'],
  ['**bold _both_**', '<strong>bold <em>both</></>'],
  ['snake_case_name and 2 * 3 * 4', 'snake_case_name and 2 * 3 * 4'],
  ['`code **not bold**` ``a ` b``', '`code **not bold**` `a ` b`'],
  ['# Plan #', 'h{Plan}'],
  ['> said\n> more\nmine', 'quote{said⏎more} / mine'],
  ['- a\n- b\n  - c\n- d', 'ul{a | b / ul{c} | d}'],
  ['3. x\n4. y', 'ol3{x | y}'],
  ['```sh\nrm -rf <b>\n```\nafter', 'code{rm -rf <b>} / after'],
  ['```\nnever closed', 'code{never closed}'],
  ['a\n---\nb', 'a / rule / b'],
  ['[text](https://example.com/a_(b)) end', '[text](https://example.com/a_(b)) end'],
  ['see https://example.com/x?y=1.', 'see [https://example.com/x?y=1](https://example.com/x?y=1).'],
  ['<https://example.com>', '[https://example.com](https://example.com/)'],
  ['![cat](https://example.com/cat.png)', '[Image: cat](https://example.com/cat.png)'],
  ['\\*not\\* \\[x\\](y)', '*not* [x](y)'],
  ['@Amara Okafor and @amara, not a@amara.org', '{@Amara Okafor} and {@amara}, not a@amara.org'],
  ['@Amaranth', '@Amaranth'],
])('reads %j', (source, want) => {
  expect(show(parseMarkdown(source, ['Amara Okafor']))).toBe(want);
});

/** Everything that could lead or run: addresses of links. */
const leads = (list: Block[]): string[] => {
  const found: string[] = [];
  const walk = (v: unknown) => {
    if (Array.isArray(v)) v.forEach(walk);
    else if (typeof v === 'object' && v !== null) {
      if ('href' in v) found.push(String(v.href));
      Object.values(v).forEach(walk);
    }
  };
  walk(list);
  return found;
};

const hostile = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\nscript:alert(1))',
  '[x](\tjavascript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](data:text/html,<script>alert(1)</script>)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '[x](//evil.example/x)',
  '[x](https:evil.example)',
  '[x](https://user:password@evil.example/)',
  '[x](\\\\evil.example\\share)',
  '<javascript:alert(1)>',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml;base64,AAAA)',
  '[<img src=x onerror=alert(1)>](x)',
  '[a]: javascript:alert(1)\n[a]',
  '```\n<script>alert(1)</script>\n```',
  'javascript:alert(1)',
  '[x](https://)',
];

test.each(hostile)('nothing leads away from %j', (source) => {
  expect(leads(parseMarkdown(source))).toEqual([]);
});

test('a link in a link stays text', () => {
  expect(leads(parseMarkdown('[a https://one.example b](https://two.example/)'))).toEqual(['https://two.example/']);
});

test.each([
  ['quotes', '> '.repeat(5000)],
  ['lists', '- '.repeat(5000)],
  ['emphasis', '*a '.repeat(7000)],
  ['mixed emphasis', '**_~~'.repeat(4000)],
  ['brackets', '['.repeat(20000)],
  ['half links', '[a]('.repeat(5000)],
  ['backticks', Array.from({ length: 190 }, (_, i) => '`'.repeat(i + 1)).join(' ')],
  ['spaces', `a${' '.repeat(20000)}b`],
  ['rules', `${'* '.repeat(9999)}x`],
  ['heading', `# ${'# '.repeat(9999)}x`],
  ['addresses', 'https://a.b/,'.repeat(1500)],
  ['mentions', '@Amara Okafo'.repeat(1600)],
  ['indent', '- a\n'.repeat(4000)],
])('a wall of %s takes no time and keeps its letters', (_, source) => {
  const start = performance.now();
  const tree = parseMarkdown(source, ['Amara Okafor']);
  expect(performance.now() - start).toBeLessThan(500);
  expect(tree.length).toBeGreaterThan(0);
});

test('only addresses of the web may be followed', () => {
  expect(webAddress('HTTPS://Example.com')).toBe('https://example.com/');
  expect(webAddress(' https://example.com')).toBeNull();
  expect(webAddress('ftp://example.com')).toBeNull();
});
