import { Link, Outlet, useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { Menu, Moon, PanelLeftClose, PanelLeftOpen, Search, Sun } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMe, usePermission } from '../api/queries';
import { readSetting, writeSetting } from '../lib/store';
import { IconButton } from '../ui/Button';
import { undoLast } from '../ui/toast';
import { adminNav, type NavItem, settingsNav, teamNav } from './nav';
import { TeamSwitch, UserMenu } from './ShellMenus';
import { useShortcuts } from './shortcuts';
import { flipTheme, useTheme } from './theme';

const Palette = lazy(() => import('./Palette'));
const ExceptionBadge = lazy(() => import('./ExceptionBadge'));
const InboxBell = lazy(() => import('./InboxBell'));
const Help = lazy(() => import('./Help'));

/** Top bar, navigation and the page; the palette and the help are loaded when first asked for. */
export function Shell() {
  const [drawer, setDrawer] = useState(false);
  const [narrow, setNarrow] = useState(readSetting('nav') === 'narrow');
  const [layer, setLayer] = useState<'palette' | 'help' | null>(null);
  const path = useLocation({ select: (l) => l.pathname });
  useShellShortcuts(setLayer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer
  useEffect(() => setDrawer(false), [path]);
  useShortcuts(
    [{ keys: 'Escape', label: 'Close the navigation', group: 'Everywhere', run: () => setDrawer(false) }],
    drawer,
  );
  const fold = () => {
    writeSetting('nav', narrow ? 'wide' : 'narrow');
    setNarrow(!narrow);
  };
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar drawer={drawer} onDrawer={() => setDrawer(!drawer)} onPalette={() => setLayer('palette')} />
      <div className="shell" data-narrow={narrow || undefined}>
        <Side open={drawer} narrow={narrow} onFold={fold} />
        <main id="main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Suspense>
        {layer === 'palette' && <Palette onClose={() => setLayer(null)} onHelp={() => setLayer('help')} />}
        {layer === 'help' && <Help onClose={() => setLayer(null)} />}
      </Suspense>
    </>
  );
}

function useShellShortcuts(open: (layer: 'palette' | 'help') => void) {
  const { team } = useParams({ strict: false });
  const navigate = useNavigate();
  const group = 'Everywhere';
  useShortcuts([
    { keys: 'Mod+k', label: 'Search and commands', group, run: () => open('palette') },
    { keys: '?', label: 'Keyboard shortcuts', group, run: () => open('help') },
    { keys: 'g n', label: 'Inbox', group: 'Go to', run: () => void navigate({ to: '/inbox' }) },
    { keys: 'Mod+z', label: 'Undo the last change', group, run: () => void undoLast() },
  ]);
  useShortcuts(
    teamNav
      .filter((item) => item.keys)
      .map((item) => ({
        keys: item.keys ?? '',
        label: item.label,
        group: 'Go to',
        run: () => void navigate({ to: item.to, params: { team: team ?? '' } }),
      })),
    !!team,
  );
}

function TopBar(props: { drawer: boolean; onDrawer: () => void; onPalette: () => void }) {
  const theme = useTheme();
  const team = useShownTeam();
  return (
    <header className="topbar">
      <div className="brand">
        <IconButton
          label="Navigation"
          className="burger"
          aria-expanded={props.drawer}
          aria-controls="navigation"
          onClick={props.onDrawer}
        >
          <Menu size={18} />
        </IconButton>
        <img src="/favicon.svg" width="24" height="24" alt="" />
        <b>Patchline</b>
        <TeamSwitch team={team} />
      </div>
      <button type="button" className="palette-button" aria-label="Search or jump to" onClick={props.onPalette}>
        <Search size={15} aria-hidden />
        <span>Search or jump to…</span>
        <span className="kbds" aria-hidden>
          <kbd>Ctrl</kbd>
          <kbd>K</kbd>
        </span>
      </button>
      <div className="brand">
        <IconButton label={theme === 'dark' ? 'Light theme' : 'Dark theme'} onClick={flipTheme}>
          {theme === 'dark' ? <Sun size={18} /> : <Moon size={18} />}
        </IconButton>
        <Suspense>
          <InboxBell team={team} />
        </Suspense>
        <UserMenu />
      </div>
    </header>
  );
}

/** The team of the page, or the last one where a page has none or names one that is not there for this person. */
function useShownTeam(): string | undefined {
  const { team } = useParams({ strict: false });
  const me = useMe();
  const own = (key: string | null | undefined) => me?.teams.find((t) => t.key === key)?.key;
  return own(team) ?? (me?.user.admin ? team : undefined) ?? own(readSetting('team')) ?? me?.teams[0]?.key;
}

function Side({ open, narrow, onFold }: { open: boolean; narrow: boolean; onFold: () => void }) {
  const me = useMe();
  const team = useShownTeam();
  return (
    <nav className="side" id="navigation" aria-label="Main" data-open={open || undefined}>
      {team && teamNav.map((item) => <NavLink key={item.to} item={item} team={team} narrow={narrow} />)}
      {team && <h2>Team</h2>}
      {team && settingsNav.map((item) => <NavLink key={item.to} item={item} team={team} narrow={narrow} />)}
      {me?.user.admin && <h2>Server</h2>}
      {me?.user.admin && adminNav.map((item) => <NavLink key={item.to} item={item} team="" narrow={narrow} />)}
      <IconButton label={narrow ? 'Wide navigation' : 'Narrow navigation'} className="fold" onClick={onFold}>
        {narrow ? <PanelLeftOpen size={18} /> : <PanelLeftClose size={18} />}
      </IconButton>
    </nav>
  );
}

/** What waits for an approver. */
function Waiting({ team }: { team: string }) {
  return usePermission('approve', team) ? (
    <Suspense>
      <ExceptionBadge team={team} />
    </Suspense>
  ) : null;
}

function NavLink({ item, team, narrow }: { item: NavItem; team: string; narrow: boolean }) {
  return (
    <Link
      to={item.to}
      params={{ team }}
      activeOptions={{ includeSearch: false }}
      aria-label={item.label}
      title={narrow ? item.label : undefined}
    >
      <item.icon size={18} strokeWidth={1.8} aria-hidden />
      <span>{item.label}</span>
      {item.to === '/t/$team/exceptions' && <Waiting team={team} />}
    </Link>
  );
}
