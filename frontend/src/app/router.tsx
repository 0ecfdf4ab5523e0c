import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ProblemError } from '../api/problem';
import { metaQuery, sessionQuery, teamsQuery } from '../api/queries';
import type { Me } from '../api/schema';
import { readSetting } from '../lib/store';
import { NoSuchTeam, NotFound, PageError, Pending } from './errors';
import { Shell } from './Shell';
import { rememberTeam } from './session';
import { parseSearch, stringifySearch, type UrlState } from './url';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  validateSearch: (search: Record<string, unknown>) => search as UrlState,
});

// ---- pages before sign-in

const setUp = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    const meta = await context.queryClient.ensureQueryData(metaQuery);
    if (!meta.setup_needed) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../features/team/SetUpPage'), 'SetUpPage'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  beforeLoad: async ({ context }) => {
    const meta = await context.queryClient.ensureQueryData(metaQuery);
    if (meta.setup_needed) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('../features/team/SignInPage'), 'SignInPage'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$secret',
  component: lazyRouteComponent(() => import('../features/team/InvitePage'), 'InvitePage'),
});

const guestReview = createRoute({
  getParentRoute: () => root,
  path: '/review/$secret',
  component: lazyRouteComponent(() => import('../features/review/GuestPage'), 'GuestPage'),
});

// ---- pages inside the shell

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      const meta = await context.queryClient.ensureQueryData(metaQuery);
      if (meta.setup_needed) throw redirect({ to: '/setup' });
      throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { next: location.href } });
    }
  },
});

const index = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(sessionQuery);
    const last = readSetting('team');
    const team = me.teams.find((t) => t.key === last) ?? me.teams[0];
    if (team) throw redirect({ to: '/t/$team/backlog', params: { team: team.key } });
    if (me.user.admin) throw redirect({ to: '/admin/teams' });
  },
  component: lazyRouteComponent(() => import('../features/team/NoTeamPage'), 'NoTeamPage'),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../features/team/AccountPage'), 'AccountPage'),
});
const inbox = createRoute({
  getParentRoute: () => inside,
  path: '/inbox',
  component: lazyRouteComponent(() => import('../features/inbox/InboxPage'), 'InboxPage'),
});
const adminUsers = createRoute({
  getParentRoute: () => inside,
  path: '/admin/users',
  component: lazyRouteComponent(() => import('../features/team/UsersPage'), 'UsersPage'),
});
const adminTeams = createRoute({
  getParentRoute: () => inside,
  path: '/admin/teams',
  component: lazyRouteComponent(() => import('../features/team/TeamsPage'), 'TeamsPage'),
});
const adminMail = createRoute({
  getParentRoute: () => inside,
  path: '/admin/mail',
  component: lazyRouteComponent(() => import('../features/inbox/MailsPage'), 'MailsPage'),
});
const feeds = createRoute({
  getParentRoute: () => inside,
  path: '/feeds',
  component: lazyRouteComponent(() => import('../features/feed/FeedsPage'), 'FeedsPage'),
});
const vulnerability = createRoute({
  getParentRoute: () => inside,
  path: '/vulnerabilities/$cve',
  component: lazyRouteComponent(() => import('../features/backlog/VulnerabilityPage'), 'VulnerabilityPage'),
});

// ---- pages of a team

const team = createRoute({
  getParentRoute: () => inside,
  path: '/t/$team',
  component: Outlet,
  beforeLoad: async ({ context, params }) => {
    if (await isMember(context.queryClient, params.team)) rememberTeam(params.team);
    else if (!(await mayVisit(context.queryClient, params.team))) throw notFound();
  },
  notFoundComponent: NoSuchTeam,
});

/** Looks again before it says no: somebody may have been added a moment ago. */
async function isMember(client: QueryClient, key: string): Promise<boolean> {
  const known = (me: Me) => me.teams.some((t) => t.key === key);
  return (
    known(await client.ensureQueryData(sessionQuery)) ||
    known(await client.fetchQuery({ ...sessionQuery, staleTime: 0 }))
  );
}

/** An administrator may enter every team there is. */
async function mayVisit(client: QueryClient, key: string): Promise<boolean> {
  const me = await client.ensureQueryData(sessionQuery);
  if (!me.user.admin) return false;
  return (await client.fetchQuery(teamsQuery)).items.some((t) => t.key === key);
}

const teamIndex = createRoute({
  getParentRoute: () => team,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/t/$team/backlog', params });
  },
});
const home = createRoute({
  getParentRoute: () => team,
  path: '/home',
  component: lazyRouteComponent(() => import('../features/home/HomePage'), 'HomePage'),
});
const backlog = createRoute({
  getParentRoute: () => team,
  path: '/backlog',
  component: lazyRouteComponent(() => import('../features/backlog/BacklogPage'), 'BacklogPage'),
});
const patch = createRoute({
  getParentRoute: () => team,
  path: '/patches/$key',
  component: lazyRouteComponent(() => import('../features/backlog/PatchPage'), 'PatchPage'),
});
const board = createRoute({
  getParentRoute: () => team,
  path: '/board',
  component: lazyRouteComponent(() => import('../features/board/BoardPage'), 'BoardPage'),
});
const standup = createRoute({
  getParentRoute: () => team,
  path: '/standup',
  component: lazyRouteComponent(() => import('../features/standup/StandupPage'), 'StandupPage'),
});
const estimates = createRoute({
  getParentRoute: () => team,
  path: '/estimate',
  component: lazyRouteComponent(() => import('../features/estimate/EstimatePage'), 'EstimatePage'),
});
const estimate = createRoute({
  getParentRoute: () => team,
  path: '/estimate/$id',
  component: lazyRouteComponent(() => import('../features/estimate/TablePage'), 'TablePage'),
});
const retro = createRoute({
  getParentRoute: () => team,
  path: '/retro',
  component: lazyRouteComponent(() => import('../features/retro/RetroPage'), 'RetroPage'),
});
const lessons = createRoute({
  getParentRoute: () => team,
  path: '/lessons',
  component: lazyRouteComponent(() => import('../features/retro/LessonsPage'), 'LessonsPage'),
});
const sprints = createRoute({
  getParentRoute: () => team,
  path: '/sprints',
  component: lazyRouteComponent(() => import('../features/sprint/SprintsPage'), 'SprintsPage'),
});
const sprint = createRoute({
  getParentRoute: () => team,
  path: '/sprints/$n',
  component: lazyRouteComponent(() => import('../features/sprint/SprintPage'), 'SprintPage'),
});
const burndown = createRoute({
  getParentRoute: () => team,
  path: '/burndown',
  component: lazyRouteComponent(() => import('../features/report/BurndownPage'), 'BurndownPage'),
});
const sprintReport = createRoute({
  getParentRoute: () => team,
  path: '/sprints/$n/report',
  component: lazyRouteComponent(() => import('../features/report/SprintReportPage'), 'SprintReportPage'),
});
const review = createRoute({
  getParentRoute: () => team,
  path: '/sprints/$n/review',
  component: lazyRouteComponent(() => import('../features/review/ReviewPage'), 'ReviewPage'),
});
const reports = createRoute({
  getParentRoute: () => team,
  path: '/reports',
  component: lazyRouteComponent(() => import('../features/report/ReportsPage'), 'ReportsPage'),
});
const assets = createRoute({
  getParentRoute: () => team,
  path: '/assets',
  component: lazyRouteComponent(() => import('../features/asset/AssetsPage'), 'AssetsPage'),
});
const asset = createRoute({
  getParentRoute: () => team,
  path: '/assets/$id',
  component: lazyRouteComponent(() => import('../features/asset/AssetPage'), 'AssetPage'),
});
const assetGroups = createRoute({
  getParentRoute: () => team,
  path: '/asset-groups',
  component: lazyRouteComponent(() => import('../features/asset/GroupsPage'), 'GroupsPage'),
});
const assetDuplicates = createRoute({
  getParentRoute: () => team,
  path: '/asset-duplicates',
  component: lazyRouteComponent(() => import('../features/asset/DuplicatesPage'), 'DuplicatesPage'),
});
const imports = createRoute({
  getParentRoute: () => team,
  path: '/imports',
  component: lazyRouteComponent(() => import('../features/intake/ImportsPage'), 'ImportsPage'),
});
const settings = createRoute({
  getParentRoute: () => team,
  path: '/settings',
  component: lazyRouteComponent(() => import('../features/team/SettingsPage'), 'SettingsPage'),
});
const ways = createRoute({
  getParentRoute: () => team,
  path: '/ways',
  component: lazyRouteComponent(() => import('../features/team/WaysPage'), 'WaysPage'),
});
const policies = createRoute({
  getParentRoute: () => team,
  path: '/policies',
  component: lazyRouteComponent(() => import('../features/policy/PoliciesPage'), 'PoliciesPage'),
});
const exceptions = createRoute({
  getParentRoute: () => team,
  path: '/exceptions',
  component: lazyRouteComponent(() => import('../features/exception/ExceptionsPage'), 'ExceptionsPage'),
});
const calendar = createRoute({
  getParentRoute: () => team,
  path: '/calendar',
  component: lazyRouteComponent(() => import('../features/calendar/CalendarPage'), 'CalendarPage'),
});
const webhooks = createRoute({
  getParentRoute: () => team,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('../features/inbox/WebhooksPage'), 'WebhooksPage'),
});
const members = createRoute({
  getParentRoute: () => team,
  path: '/members',
  component: lazyRouteComponent(() => import('../features/team/MembersPage'), 'MembersPage'),
});

const teamPages = [
  home,
  backlog,
  patch,
  board,
  standup,
  estimates,
  estimate,
  retro,
  lessons,
  sprints,
  sprint,
  sprintReport,
  review,
  burndown,
  reports,
  assets,
  asset,
  assetGroups,
  assetDuplicates,
  imports,
  settings,
  policies,
  exceptions,
  ways,
  calendar,
  members,
  webhooks,
] as const;

export const createAppRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([
      setUp,
      signIn,
      invite,
      guestReview,
      inside.addChildren([
        index,
        account,
        inbox,
        adminUsers,
        adminMail,
        adminTeams,
        feeds,
        vulnerability,
        team.addChildren([teamIndex, ...teamPages]),
      ]),
    ]),
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Pending,
    defaultPendingMs: 150,
    defaultPendingMinMs: 0,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: AppRouter;
  }
}
