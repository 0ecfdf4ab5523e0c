import type { Command } from './commands';

/** Parts that repeat an action for each of many things, or that are filled in before they are sent. */
const skipped = 'li, tr, [role=row], [role=grid], [role=listbox], form, fieldset, [data-modal]';
const pressable = 'button:not([role]), a.btn';

const words = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
export const sameWords = (a: string, b: string) => plain(a) === plain(b);
const plain = (text: string) => text.replace(/…$/, '').toLowerCase();

/**
 * What the buttons of the page do, for the palette: those for the page or a section of it that can be pressed now.
 * Read from the document, so that no page has to name its actions twice and none is forgotten.
 */
export function pageActions(main: ParentNode | null = document.getElementById('main')): Command[] {
  const found: Command[] = [];
  for (const element of main?.querySelectorAll<HTMLElement>(pressable) ?? []) {
    if (element.closest(skipped) || element.matches(':disabled, [aria-disabled=true], [aria-haspopup=menu]')) continue;
    const label = words(element.getAttribute('aria-label') ?? element.textContent);
    if (!label || found.some((c) => sameWords(c.label, label))) continue;
    found.push({ label, group: 'On this page', run: () => element.click() });
  }
  return found;
}
