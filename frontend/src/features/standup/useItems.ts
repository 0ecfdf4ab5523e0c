import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patchQuery } from '../../api/patches';
import { toProblem } from '../../api/problem';
import { keyOf } from '../../lib/patchKey';
import { announce } from '../../ui/LiveRegion';
import { type Item, itemLimit } from './entry';

type List = readonly Item[];

/** The named patches of an entry and the field in which a key is typed. */
export interface Items {
  list: List;
  text: string;
  error: string | undefined;
  type(text: string): void;
  /** Adds what is typed; false when that is no patch of the team. */
  take(): Promise<boolean>;
  /** Adds a patch, or takes it away. */
  toggle(item: Item): void;
}

export function useItems(team: string, list: List, change: (step: (old: List) => List) => List): Items {
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const fail = (why: string) => {
    setError(why);
    announce(why);
    return false;
  };
  const add = (item: Item) => {
    const now = change((old) => (has(old, item) || old.length >= itemLimit ? old : [...old, item]));
    if (!has(now, item)) return fail(`An entry names at most ${itemLimit} patches.`);
    announce(`${item.key} added`);
    return true;
  };
  const type = (next: string) => {
    setText(next);
    setError(undefined);
  };
  const take = async () => {
    if (!text.trim()) return true;
    const key = keyOf(text, team);
    if (!key) return fail(`Type a key such as ${team}-7.`);
    try {
      const patch = await client.fetchQuery(patchQuery(team, key));
      type('');
      return add({ key: patch.key, title: patch.title });
    } catch (e) {
      const problem = toProblem(e);
      return fail(problem.status === 404 ? `This team has no ${key}.` : problem.detail);
    }
  };
  const toggle = (item: Item) => {
    setError(undefined);
    if (!has(list, item)) return void add(item);
    change((old) => old.filter((i) => i.key !== item.key));
    announce(`${item.key} removed`);
  };
  return { list, text, error, type, take, toggle };
}

const has = (list: List, item: Item) => list.some((i) => i.key === item.key);
