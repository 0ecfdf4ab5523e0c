import type { QueryClient } from '@tanstack/react-query';
import { chooseViews } from '../../../api/finding';
import type { PatchColumn, ViewList } from '../../../api/schema';
import { viewsKey } from '../../../api/views';
import { toastError } from '../../../ui/toast';

export type Widths = Readonly<Record<string, number>>;

const narrowest = 30;
const widest = 1000;

/** A width that a column can have. */
export const fitting = (px: number): number => Math.round(Math.min(widest, Math.max(narrowest, px)));

/** What was typed as a width; nothing, or no number, is the usual one. */
export const typed = (text: string): number | undefined => {
  const px = Number(text);
  return text.trim() && Number.isFinite(px) ? fitting(px) : undefined;
};

/** With the width of one column; undefined gives the usual one back. */
export function withWidth(widths: Widths, column: PatchColumn, width: number | undefined): Record<string, number> {
  const { [column]: _, ...rest } = widths;
  return width === undefined ? rest : { ...rest, [column]: width };
}

export const widthsIn = (client: QueryClient, team: string): Widths =>
  client.getQueryData<ViewList>(viewsKey(team))?.choices.widths ?? {};

/** Keeps the width of one column for this person; shown at once, and as before if that fails. */
export async function keepWidth(client: QueryClient, team: string, column: PatchColumn, width: number | undefined) {
  const before = widthsIn(client, team);
  const show = (widths: Widths) =>
    client.setQueryData<ViewList>(
      viewsKey(team),
      (d) => d && { ...d, choices: { ...d.choices, widths: { ...widths } } },
    );
  const widths = withWidth(before, column, width);
  show(widths);
  try {
    await chooseViews(team, { widths });
  } catch (error) {
    show(before);
    toastError(error, 'The width was not kept');
  }
}
