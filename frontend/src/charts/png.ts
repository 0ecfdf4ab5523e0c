import { caption, made } from './caption';

/** Saves a drawn chart as a picture. The copy carries its look as attributes, so no style sheet and no inline style is needed. */

const looks = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'stroke-linecap',
  'opacity',
  'font-size',
  'font-weight',
  'font-family',
  'text-anchor',
  'paint-order',
  'visibility',
] as const;

/** The chart as a free-standing SVG document on the page's surface colour, with heading and legend above it. */
export function standalone(svg: SVGSVGElement, heading: string): { text: string; width: number; height: number } {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')];
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  copies.forEach((element, i) => {
    const original = originals[i];
    if (original) freeze(original, element);
  });
  const width = svg.width.baseVal.value;
  const above = caption(svg, heading, width);
  const height = svg.height.baseVal.value + above.height;
  copy.setAttribute('viewBox', `0 ${-above.height} ${width} ${height}`);
  copy.setAttribute('height', String(height));
  copy.prepend(made('rect', { x: 0, y: -above.height, width, height, fill: surface(svg) }), ...above.elements);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

function freeze(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of looks) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  for (const name of ['class', 'style', 'tabindex', 'role']) to.removeAttribute(name);
}

/** The first ancestor with a colour of its own. */
function surface(element: Element): string {
  for (let e: Element | null = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (colour && colour !== 'transparent' && !colour.startsWith('rgba(0, 0, 0, 0')) return colour;
  }
  return 'white';
}

/** Draws the chart at twice its size. The picture comes from a data: address, which the page's policy allows. */
export async function chartToPng(svg: SVGSVGElement, heading: string): Promise<Blob> {
  const { text, width, height } = standalone(svg, heading);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser cannot draw pictures');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('This browser cannot save pictures'))),
      'image/png',
    ),
  );
}

/** Hands a file to the person, as if it had been a link. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
