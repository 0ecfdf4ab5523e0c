import { QueryClient } from '@tanstack/react-query';
import { refreshSession, setRefreshHandler } from '../api/client';
import { ProblemError } from '../api/problem';
import { sessionQuery } from '../api/queries';
import { writeSetting } from '../lib/store';
import type { AppRouter } from './router';

/** Reads are tried again when the server was unreachable or busy, never when it said no. */
function retry(failures: number, error: unknown): boolean {
  const passing = !(error instanceof ProblemError) || error.status === 0 || error.status >= 500;
  return passing && failures < 2;
}

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // "always": without it a query waits silently while the browser thinks it is offline, and nobody is told why
      queries: { staleTime: 60_000, refetchOnWindowFocus: false, retry, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });

const renewBefore = 60_000;

/** Renews the access cookie before it ends, and leads to the sign-in page when the session is over. */
export function keepSession(client: QueryClient, router: AppRouter): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renew = () => {
    // a hidden page waits for its next request; offline, that request tries again too
    if (document.visibilityState === 'visible') refreshSession().catch(() => {});
  };
  const plan = (expires: string | undefined) => {
    clearTimeout(timer);
    if (expires) timer = setTimeout(renew, Math.max(5_000, Date.parse(expires) - Date.now() - renewBefore));
  };
  client.getQueryCache().subscribe(({ query, type }) => {
    if (type === 'updated' && query.queryKey[0] === 'session')
      plan(client.getQueryData(sessionQuery.queryKey)?.expires_at);
  });
  setRefreshHandler((me) => {
    if (me) {
      client.setQueryData(sessionQuery.queryKey, me);
      return;
    }
    clearTimeout(timer);
    const wasSignedIn = client.getQueryData(sessionQuery.queryKey) !== undefined;
    if (!wasSignedIn) return; // a first visit: the route's own guard asks people to sign in
    client.removeQueries({ queryKey: sessionQuery.queryKey });
    const { pathname, href } = router.latestLocation;
    if (isPublic(pathname)) return;
    void router.navigate({ to: '/sign-in', search: { next: href, ended: '1' } });
  });
}

const isPublic = (path: string) => path === '/sign-in' || path === '/setup' || path.startsWith('/invite/');

export const rememberTeam = (team: string) => writeSetting('team', team);
