import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PatchColumn, View, ViewChoices } from '../../api/schema';
import { viewsQuery } from '../../api/views';
import { parseSearch, type UrlState } from '../../app/url';
import { cleared, filterNames, queryOf } from './filter';

/** Views that everybody has; their ids are words, those of saved ones are not. */
export const builtIn: readonly { id: string; name: string; query: string }[] = [
  { id: 'all', name: 'All open', query: '' },
  { id: 'overdue', name: 'Overdue', query: 'overdue=true' },
  { id: 'exploited', name: 'Known exploited', query: 'kev=true' },
  { id: 'mine', name: 'Mine', query: 'assignee=me' },
  { id: 'unestimated', name: 'Unestimated', query: 'estimated=false' },
  { id: 'new', name: 'New since yesterday', query: 'created_within=1&order=created' },
];

const none: View[] = [];
const nothing: ViewChoices = { default_view: '', places: [], columns: [], density: '', widths: {} };

/** What the address becomes when a view is shown. */
export const shown = (view: { id: string; query: string }): UrlState => ({
  ...cleared,
  ...parseSearch(view.query),
  v: view.id,
});

export interface Shown {
  views: readonly View[];
  choices: ViewChoices;
  /** The view of the address; it may have been narrowed further since. */
  current: { id: string; name: string; query: string } | undefined;
  changed: boolean;
  columns: readonly PatchColumn[];
  comfortable: boolean;
  /** Pixels by column. */
  widths: Readonly<Record<string, number>>;
}

/** The view in force, and what it and the person say about columns and rows. */
export function useView(team: string, url: UrlState, change: (to: UrlState) => void): Shown {
  const { data } = useQuery(viewsQuery(team));
  const views = data?.items ?? none;
  const choices = data?.choices ?? nothing;
  const find = (id: string | undefined) => views.find((v) => v.id === id) ?? builtIn.find((v) => v.id === id);
  const saved = views.find((v) => v.id === url.v);
  const current = find(url.v);
  const bare = !filterNames.some((n) => url[n]);
  // a link that names only a view, or none where one is preferred
  const wanted = bare ? find(url.v ?? choices.default_view) : undefined;
  const target = wanted && (wanted.query || !url.v) ? wanted : undefined;
  const key = target?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each view
  useEffect(() => {
    if (target && !(url.v === target.id && target.query === '')) change(shown(target));
  }, [key]);
  return {
    views,
    choices,
    current,
    changed: current !== undefined && queryOf(url) !== queryOf(parseSearch(current.query)),
    columns: saved?.columns.length ? saved.columns : choices.columns,
    comfortable: (saved?.density || choices.density) === 'comfortable',
    widths: choices.widths,
  };
}
