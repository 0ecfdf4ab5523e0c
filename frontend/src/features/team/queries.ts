import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';

export const teamKeys = {
  team: (team: string) => ['team', team] as const,
  members: (team: string) => ['members', team] as const,
  invites: (team: string) => ['invites', team] as const,
  users: ['users'] as const,
  sessions: ['sessions'] as const,
  tokens: ['tokens'] as const,
  choices: ['notice-choices'] as const,
};

const inTeam = (team: string) => ({ path: { team } });

export const teamQuery = (team: string) =>
  queryOptions({
    queryKey: teamKeys.team(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}', { params: inTeam(team), signal })),
  });

export const membersQuery = (team: string) =>
  queryOptions({
    queryKey: teamKeys.members(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/members', { params: inTeam(team), signal })),
  });

export const invitesQuery = (team: string) =>
  queryOptions({
    queryKey: teamKeys.invites(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/invites', { params: inTeam(team), signal })),
  });

export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: [...teamKeys.users, q],
    queryFn: ({ signal, pageParam }) =>
      call(
        api.GET('/users', {
          params: { query: { limit: 100, ...(q && { q }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  });

export const sessionsQuery = queryOptions({
  queryKey: teamKeys.sessions,
  queryFn: ({ signal }) => call(api.GET('/sessions', { signal })),
  staleTime: 0,
});

export const tokensQuery = queryOptions({
  queryKey: teamKeys.tokens,
  queryFn: ({ signal }) => call(api.GET('/tokens', { signal })),
  staleTime: 0,
});

export const choicesQuery = queryOptions({
  queryKey: teamKeys.choices,
  queryFn: ({ signal }) => call(api.GET('/inbox/choices', { signal })),
});
