import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** Filters, selection and open panels live in the address, as plain text values. */
export type UrlState = { readonly [name: string]: string | undefined };

export const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));

export function stringifySearch(state: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/**
 * The search part of the address and a function that changes some of it. An empty or undefined value removes a name.
 * `push` makes the change a step that "back" undoes: use it for opening a panel, not for typing into a filter.
 */
export function useUrlState(): [UrlState, (patch: UrlState, options?: { push?: boolean }) => void] {
  const state = useSearch({ strict: false }) as UrlState;
  const navigate = useNavigate();
  const change = useCallback(
    (patch: UrlState, options?: { push?: boolean }) =>
      void navigate({ to: '.', search: (old: UrlState) => ({ ...old, ...patch }), replace: !options?.push }),
    [navigate],
  );
  return [state, change];
}
