import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { api, call } from './client';
import type { Me, MyTeam, Permission } from './schema';

/** Who is signed in and what this server is: the two things every page needs. Features keep their own keys. */
export const metaQuery = queryOptions({
  queryKey: ['meta'],
  queryFn: ({ signal }) => call(api.GET('/meta', { signal })),
  staleTime: 5 * 60_000,
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call(api.GET('/session', { signal })),
  staleTime: 5 * 60_000,
  retry: false,
});

/** After signing in as somebody, nothing that another person saw may stay. */
export function enter(client: QueryClient, me: Me): void {
  client.clear();
  client.setQueryData(sessionQuery.queryKey, me);
}

export const useMe = (): Me | undefined => useQuery(sessionQuery).data;

/** What an administrator may do in a team he is not a member of. */
const visitor: Permission[] = ['read', 'manage'];

function teamOf(me: Me | undefined, key: string | undefined): MyTeam | undefined {
  if (!me || !key) return undefined;
  const own = me.teams.find((t) => t.key === key);
  if (own || !me.user.admin) return own;
  return { key, name: key, role: 'viewer', time_zone: 'UTC', permissions: visitor };
}

/** The team of the page, from the address; with the person's role and permissions. */
export function useTeam(): MyTeam | undefined {
  const { team } = useParams({ strict: false });
  return teamOf(useMe(), team);
}

/** May the signed-in person do this in the team of the page (or in another one)? */
export function usePermission(permission: Permission, team?: string): boolean {
  const params = useParams({ strict: false });
  return teamOf(useMe(), team ?? params.team)?.permissions.includes(permission) ?? false;
}

/** Why a control is switched off, for its title. */
export const whoMay: Record<Permission, string> = {
  read: 'Members of the team',
  work: 'Members of the team, not viewers',
  import: 'Members of the team, not viewers',
  rank: 'Only product owners do this',
  plan: 'Only Scrum masters do this',
  approve: 'Only approvers do this',
  manage: 'Only Scrum masters and administrators do this',
};
