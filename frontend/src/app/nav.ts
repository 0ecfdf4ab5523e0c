import {
  Building2,
  CalendarClock,
  CalendarDays,
  ChartColumn,
  ChartLine,
  Columns3,
  Flag,
  History,
  House,
  ListOrdered,
  type LucideIcon,
  MessagesSquare,
  Rss,
  Server,
  ShieldQuestion,
  SlidersHorizontal,
  Spade,
  SquareKanban,
  Upload,
  UserCog,
  Users,
  Webhook,
} from 'lucide-react';

export interface NavItem {
  to:
    | '/t/$team/home'
    | '/t/$team/backlog'
    | '/t/$team/board'
    | '/t/$team/standup'
    | '/t/$team/estimate'
    | '/t/$team/retro'
    | '/t/$team/sprints'
    | '/t/$team/burndown'
    | '/t/$team/reports'
    | '/t/$team/assets'
    | '/t/$team/imports'
    | '/t/$team/members'
    | '/t/$team/settings'
    | '/t/$team/policies'
    | '/t/$team/exceptions'
    | '/t/$team/ways'
    | '/t/$team/webhooks'
    | '/t/$team/calendar'
    | '/admin/users'
    | '/admin/teams'
    | '/admin/mail'
    | '/feeds';
  label: string;
  icon: LucideIcon;
  keys?: string;
}

export const teamNav: NavItem[] = [
  { to: '/t/$team/home', label: 'Home', icon: House, keys: 'g h' },
  { to: '/t/$team/backlog', label: 'Backlog', icon: ListOrdered, keys: 'g b' },
  { to: '/t/$team/board', label: 'Sprint board', icon: Columns3, keys: 'g s' },
  { to: '/t/$team/standup', label: 'Stand-up', icon: MessagesSquare, keys: 'g u' },
  { to: '/t/$team/estimate', label: 'Estimation', icon: Spade, keys: 'g o' },
  { to: '/t/$team/retro', label: 'Retrospective', icon: History, keys: 'g r' },
  { to: '/t/$team/sprints', label: 'Sprints', icon: Flag, keys: 'g p' },
  { to: '/t/$team/calendar', label: 'Calendar', icon: CalendarDays, keys: 'g k' },
  { to: '/t/$team/burndown', label: 'Burndown', icon: ChartLine, keys: 'g d' },
  { to: '/t/$team/reports', label: 'Reports', icon: ChartColumn, keys: 'g c' },
  { to: '/t/$team/assets', label: 'Assets', icon: Server, keys: 'g a' },
  { to: '/t/$team/exceptions', label: 'Exceptions', icon: ShieldQuestion, keys: 'g e' },
  { to: '/t/$team/imports', label: 'Imports', icon: Upload, keys: 'g i' },
];

export const settingsNav: NavItem[] = [
  { to: '/t/$team/members', label: 'Members', icon: Users },
  { to: '/t/$team/settings', label: 'Settings', icon: SlidersHorizontal },
  { to: '/t/$team/policies', label: 'Due-date policies', icon: CalendarClock },
  { to: '/t/$team/ways', label: 'Ways of working', icon: SquareKanban },
  { to: '/t/$team/webhooks', label: 'Webhooks', icon: Webhook },
];

export const adminNav: NavItem[] = [
  { to: '/admin/users', label: 'People', icon: UserCog },
  { to: '/admin/teams', label: 'Teams', icon: Building2 },
  { to: '/feeds', label: 'Feeds', icon: Rss },
  { to: '/admin/mail', label: 'Mail', icon: MessagesSquare },
];
