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

/** All teams one may see; for an administrator that is every team. */
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: ({ signal }) => call(api.GET('/teams', { signal })),
});

/** An administrator may do everything in every team. */
const everything: Permission[] = ['read', 'work', 'import', 'rank', 'plan', 'approve', 'manage'];

/** A team one is in, or any for an administrator. */
export function useTeamOf(key: string | undefined): MyTeam | undefined {
  const me = useMe();
  const own = me?.teams.find((t) => t.key === key);
  const visiting = !own && !!key && !!me?.user.admin;
  const visited = useQuery({ ...teamsQuery, enabled: visiting }).data?.items.find((t) => t.key === key);
  if (own || !visiting) return own;
  const { name, time_zone } = visited ?? { name: key, time_zone: 'UTC' };
  return { key, name, time_zone, role: 'viewer', permissions: everything };
}

/** The team of the page, from the address; with the person's role and permissions. */
export function useTeam(): MyTeam | undefined {
  const { team } = useParams({ strict: false });
  return useTeamOf(team);
}

/** May the signed-in person do this in the team of the page (or in another one)? */
export function usePermission(permission: Permission, team?: string): boolean {
  const params = useParams({ strict: false });
  return useTeamOf(team ?? params.team)?.permissions.includes(permission) ?? false;
}

/** Why a control is switched off, for its title. */
export const whoMay: Record<Permission, string> = {
  read: 'Only members of the team see this',
  work: 'Viewers cannot do this',
  import: 'Viewers cannot do this',
  rank: 'Only product owners do this',
  plan: 'Only Scrum masters do this',
  approve: 'Only approvers do this',
  manage: 'Only Scrum masters and administrators do this',
};
