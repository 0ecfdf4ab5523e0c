// What a browser loads for the first view of the backlog, compressed with brotli:
// the entry, the page and all that these import before they can be shown. Fails
// when it is more than the budget.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const root = process.argv[2] ?? 'dist';
const budget = { js: 150, css: 8 };
const page = 'BacklogPage';

const assets = join(root, 'assets');
const names = readdirSync(assets);
const html = readFileSync(join(root, 'index.html'), 'utf8');
const first = names.filter((n) => html.includes(n) || new RegExp(`^${page}-[\\w-]+\\.(js|css)$`).test(n));

const loaded = new Set();
function load(name) {
  if (loaded.has(name) || !names.includes(name)) return;
  loaded.add(name);
  if (!name.endsWith('.js')) return;
  const text = readFileSync(join(assets, name), 'utf8');
  for (const [, file] of text.matchAll(/(?:^|[;}\s])(?:import|export)\b[^;"'()]*["']\.\/([^"']+)["']/g))
    load(basename(file));
}
for (const name of first) load(name);

// styles of a page come with its import: the entry has the files in one list, and
// names them by their places in it
for (const entry of [...loaded].filter((n) => n.startsWith('index-') && n.endsWith('.js'))) {
  const text = readFileSync(join(assets, entry), 'utf8');
  const list = JSON.parse(`[${/m\.f=\[([^\]]*)\]/.exec(text)?.[1] ?? ''}]`);
  const places = new RegExp(`\\./${page}-[^)]*\\)[^[]*__vite__mapDeps\\(\\[([\\d,]*)\\]`).exec(text)?.[1] ?? '';
  for (const place of places.split(',')) if (list[place]?.endsWith('.css')) load(basename(list[place]));
}

let over = false;
for (const kind of Object.keys(budget)) {
  const files = [...loaded].filter((n) => n.endsWith(`.${kind}`));
  const bytes = files.map((name) => {
    const text = readFileSync(join(assets, name));
    const options = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
    return { name, size: brotliCompressSync(text, { params: options }).length };
  });
  const sum = bytes.reduce((all, { size }) => all + size, 0) / 1000;
  over ||= sum > budget[kind];
  console.log(`first view of the backlog: ${sum.toFixed(1)} kB of ${kind}, at most ${budget[kind]}`);
  if (sum > budget[kind] || process.argv.includes('--list'))
    for (const { name, size } of bytes.sort((a, b) => b.size - a.size))
      console.log(`  ${(size / 1000).toFixed(1)} ${name}`);
}
process.exit(over ? 1 : 0);
