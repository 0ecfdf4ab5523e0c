import { afterEach, expect, test, vi } from 'vitest';
import { pageActions } from './pageActions';

afterEach(() => document.body.replaceChildren());

function page(html: string): string[] {
  document.body.innerHTML = `<main id="main">${html}</main>`;
  return pageActions().map((c) => c.label);
}

test('offers what the page and its sections can do, by the names that are read out', () => {
  expect(
    page(`<header><button>Add\n window…</button><a class="btn" href="#x">Burndown</a></header>
      <section><button aria-label="Working day before"><svg></svg></button></section>`),
  ).toEqual(['Add window…', 'Burndown', 'Working day before']);
});

test('leaves out what cannot be pressed, what belongs to one of many things, and the buttons of a form', () => {
  expect(
    page(`<button disabled>Close sprint…</button><button aria-disabled="true">Invite</button>
      <ul><li><button>Edit</button></li></ul><table><tr><td><button>Remove</button></td></tr></table>
      <form><button>Save</button></form><button aria-haspopup="menu">Team</button>`),
  ).toEqual([]);
});

test('names an action once, and presses its button', () => {
  expect(page('<button id="first">New feed</button><button>New feed…</button>')).toEqual(['New feed']);
  const pressed = vi.fn();
  document.getElementById('first')?.addEventListener('click', pressed);
  pageActions()[0]?.run();
  expect(pressed).toHaveBeenCalledOnce();
});
