import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';

export const calendarKeys = {
  all: (team: string) => ['calendar', team] as const,
  days: (team: string) => ['calendar', team, 'days'] as const,
  windows: (team: string) => ['calendar', team, 'windows'] as const,
  groups: (team: string) => ['calendar', team, 'groups'] as const,
};

const inTeam = (team: string) => ({ path: { team } });

export const calendarQuery = (team: string) =>
  queryOptions({
    queryKey: calendarKeys.days(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/calendar', { params: inTeam(team), signal })),
  });

export const windowsQuery = (team: string) =>
  queryOptions({
    queryKey: calendarKeys.windows(team),
    queryFn: ({ signal }) => call(api.GET('/teams/{team}/windows', { params: inTeam(team), signal })),
  });
