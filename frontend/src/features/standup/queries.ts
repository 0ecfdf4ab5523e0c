import { queryOptions } from '@tanstack/react-query';
import { api, apiBase, call } from '../../api/client';
import type { PutStandupEntry, Standup, StandupEntry, StandupPace } from '../../api/schema';
import { standupKeys } from '../../api/standup';

export { standupKeys, standupQuery, workingDaysQuery as calendarQuery } from '../../api/standup';

const on = (team: string, date: string) => ({ path: { team, date } });

/** What one's own new entry begins with. It is asked anew whenever the form opens, and stays as it is while it is open. */
export const draftQuery = (team: string, day: string) =>
  queryOptions({
    queryKey: standupKeys.draft(team, day),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/standups/{date}/draft', { params: on(team, day), signal })),
  });

export const versionsQuery = (team: string, day: string, member: string) =>
  queryOptions({
    queryKey: standupKeys.versions(team, day, member),
    queryFn: ({ signal }) =>
      call(
        api.GET('/teams/{team}/standups/{date}/versions', { params: { ...on(team, day), query: { member } }, signal }),
      ),
  });

export const ageingQuery = (team: string) =>
  queryOptions({
    queryKey: standupKeys.ageing(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/blockers/ageing', { params: { path: { team } }, signal })),
  });

/** Where the server gives the ageing report as CSV. */
export const ageingCsvUrl = (team: string) => `${apiBase}/teams/${encodeURIComponent(team)}/blockers/ageing.csv`;

export const readDigest = (team: string, day: string) =>
  call(api.GET('/teams/{team}/standups/{date}/digest', { params: on(team, day) }));

export const walk = (team: string, day: string, body: StandupPace) =>
  call(api.POST('/teams/{team}/standups/{date}/walk', { params: on(team, day), body }));

export const putEntry = (team: string, day: string, body: PutStandupEntry) =>
  call(api.PUT('/teams/{team}/standups/{date}', { params: on(team, day), body }));

/** The stand-up with a person's entry as it is now. */
export function withEntry(standup: Standup | undefined, entry: StandupEntry): Standup | undefined {
  if (!standup) return undefined;
  const without = (list: Standup['missing']) => list.filter((p) => p.id !== entry.member.id);
  return {
    ...standup,
    entries: [...standup.entries.filter((e) => e.member.id !== entry.member.id), entry],
    missing: without(standup.missing),
    off: without(standup.off),
  };
}
