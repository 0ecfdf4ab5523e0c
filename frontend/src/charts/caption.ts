/** What stands around a chart that is saved as a picture: its heading, and the legend that the page has beside it. */

const inset = 16;
const line = 20;
const swatch = 18;

export interface Caption {
  elements: SVGElement[];
  height: number;
}

/** The heading above and the legend below it, in as many lines as the width asks for, ending at height 0 of the chart. */
export function caption(svg: SVGSVGElement, heading: string, width: number): Caption {
  const { color, fontFamily } = getComputedStyle(document.body);
  const family = alone(fontFamily);
  const measure = measurer(family);
  const head = wrap(heading.split(' '), width - 2 * inset, (words) => measure(words.join(' '), '600 14px'));
  const items = legendOf(svg);
  const lines = wrap(items, width - 2 * inset, (some) =>
    some.reduce((sum, i) => sum + swatch + 22 + measure(i.text, '12px'), 0),
  );
  const height = (head.length + lines.length) * line + 16;
  let y = 24 - height;
  const elements: SVGElement[] = [];
  for (const words of head) {
    elements.push(text(words.join(' '), inset, y, color, family, '14px', '600'));
    y += line;
  }
  for (const some of lines) {
    let x = inset;
    for (const item of some) {
      elements.push(...item.draw(x, y), text(item.text, x + swatch + 6, y, item.colour, family, '12px', '400'));
      x += swatch + 22 + measure(item.text, '12px');
    }
    y += line;
  }
  return { elements, height };
}

interface Item {
  text: string;
  colour: string;
  draw: (x: number, y: number) => SVGElement[];
}

/** The entries of the legend on the chart's sheet, with the signs that the style sheet puts before them. */
function legendOf(svg: SVGSVGElement): Item[] {
  const entries = svg.closest('.sheet')?.querySelectorAll('.legend li') ?? [];
  return [...entries].map((li) => {
    const sign = getComputedStyle(li, '::before');
    return { text: li.textContent ?? '', colour: getComputedStyle(li).color, draw: (x, y) => [draw(sign, x, y - 4)] };
  });
}

function draw(sign: CSSStyleDeclaration, x: number, y: number): SVGElement {
  const [width, height] = [Number.parseFloat(sign.width), Number.parseFloat(sign.height)];
  if (!(height > 4)) {
    const dash = sign.borderTopStyle === 'dashed' ? '4 3' : 'none';
    return made('line', {
      x1: x,
      x2: x + swatch,
      y1: y,
      y2: y,
      stroke: sign.borderTopColor,
      'stroke-width': 2,
      'stroke-dasharray': dash,
    });
  }
  const middle = x + swatch / 2;
  const border = Number.parseFloat(sign.borderTopWidth) > 0 ? sign.borderTopColor : 'none';
  const turned: Record<string, string> = sign.transform !== 'none' ? { transform: `rotate(45 ${middle} ${y})` } : {};
  const box = { x: middle - width / 2, y: y - height / 2, width, height, fill: sign.backgroundColor, stroke: border };
  return made('rect', { ...box, opacity: sign.opacity, ...turned });
}

const text = (content: string, x: number, y: number, fill: string, family: string, size: string, weight: string) => {
  const e = made('text', { x, y, fill, 'font-family': family, 'font-size': size, 'font-weight': weight });
  e.textContent = content;
  return e;
};

export function made(name: string, attributes: Record<string, string | number>): SVGElement {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, String(value));
  return e;
}

/** Fills lines one after the other; what is too wide for a line alone has one all the same. */
export function wrap<T>(parts: readonly T[], width: number, widthOf: (some: T[]) => number): T[][] {
  const out: T[][] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last && widthOf([...last, part]) <= width) last.push(part);
    else out.push([part]);
  }
  return out;
}

/** The fonts that a picture by itself can use: those of the page are not in it, so their widths would be wrong. */
const alone = (family: string) =>
  family
    .split(',')
    .filter((name) => !name.includes('Inter'))
    .join(',') || 'sans-serif';

function measurer(family: string): (text: string, font: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  return (words, font) => {
    if (!context) return words.length * 7;
    context.font = `${font} ${family}`;
    return context.measureText(words).width;
  };
}
