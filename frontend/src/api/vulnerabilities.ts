import { queryOptions } from '@tanstack/react-query';
import { api, call } from './client';

export const vulnerabilityQuery = (cve: string) =>
  queryOptions({
    queryKey: ['vulnerability', cve] as const,
    queryFn: ({ signal }) => call(api.GET('/vulnerabilities/{cve}', { params: { path: { cve } }, signal })),
  });

/** What it means for one team: its findings and patches, statements and decisions. */
export const teamVulnerabilityQuery = (team: string, cve: string) =>
  queryOptions({
    queryKey: ['vulnerability', cve, team] as const,
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/vulnerabilities/{cve}', { params: { path: { team, cve } }, signal })),
  });
