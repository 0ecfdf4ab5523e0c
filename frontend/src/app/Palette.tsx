import './palette.css';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import {
  Bell,
  BookOpen,
  ChevronRight,
  CircleUserRound,
  Combine,
  FolderTree,
  Keyboard,
  LogOut,
  type LucideIcon,
  Moon,
  Search,
  Users,
} from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { fetchPatches } from '../api/patches';
import { toProblem } from '../api/problem';
import { useMe } from '../api/queries';
import type { Status } from '../api/schema';
import { statusLabel } from '../lib/domain';
import { Risk } from '../ui/atoms';
import type { Command } from './commands';
import { Keys } from './Keys';
import { adminNav, settingsNav, teamNav } from './nav';
import { pageActions, sameWords } from './pageActions';
import { useSignOut } from './ShellMenus';
import { type Shortcut, useRegisteredShortcuts } from './shortcuts';
import { flipTheme } from './theme';

interface Item extends Command {
  id: string;
  /** The key and the risk of a patch. */
  patch?: { key: string; priority: number };
}
interface Group {
  value: string;
  items: Item[];
}
interface PaletteProps {
  onClose: () => void;
  onHelp: () => void;
}

/** Everything one can go to or do from here, and the team's patches by typing. */
export default function Palette({ onClose, onHelp }: PaletteProps) {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const commands = useCommandItems(onHelp);
  const patches = usePatchItems(query);
  const groups = useMemo(
    () => grouped([...matching(commands, query), ...patches.items]),
    [commands, patches.items, query],
  );
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="overlay" />
        <Dialog.Popup className="palette" aria-label="Command palette" data-modal>
          <Autocomplete.Root
            open
            inline
            mode="none"
            items={groups}
            value={text}
            onValueChange={(value, details) => details.reason !== 'item-press' && setText(value)}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(item: Item) => item.label}
          >
            <div className="palette-input">
              <Search size={18} aria-hidden />
              <Autocomplete.Input placeholder="Type a command, a key or words of a patch…" aria-label="Command" />
            </div>
            <Autocomplete.Empty>
              <div className="palette-empty">{patches.status}</div>
            </Autocomplete.Empty>
            <Autocomplete.List className="palette-list">
              {(group: Group) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className="palette-head">{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: Item) => <Line key={item.id} item={item} onClose={onClose} />}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Line({ item, onClose }: { item: Item; onClose: () => void }) {
  const Icon = item.icon ?? ChevronRight;
  const run = () => {
    onClose();
    item.run();
  };
  return (
    <Autocomplete.Item value={item} className="palette-item" onClick={run}>
      {item.patch ? <Risk value={item.patch.priority} pill /> : <Icon size={16} aria-hidden />}
      {item.patch && <span className="key">{item.patch.key}</span>}
      <span className="clip">{item.label}</span>
      {item.keys && (
        <span className="kbds" aria-hidden>
          <Keys keys={item.keys} />
        </span>
      )}
    </Autocomplete.Item>
  );
}

/** What the page has keys for, then what its buttons do. */
function usePageCommands(): Command[] {
  const shortcuts = useRegisteredShortcuts();
  // the page as it was when the palette opened
  const [buttons] = useState(() => pageActions());
  return useMemo(() => {
    const keyed = shortcuts.filter((s) => !s.keysOnly && !everywhere.has(s.group)).map(fromShortcut);
    return [...keyed, ...buttons.filter((b) => !keyed.some((k) => sameWords(k.label, b.label)))];
  }, [shortcuts, buttons]);
}

const everywhere = new Set(['Everywhere', 'Go to']);

const fromShortcut = ({ label, group, keys, run }: Shortcut): Command => ({
  label,
  group,
  keys: typeof keys === 'string' ? keys : (keys[0] ?? ''),
  run: () => run(new KeyboardEvent('keydown')),
});

/** Pages that other pages lead to. */
const furtherNav = [
  { to: '/t/$team/lessons', label: 'Lessons', icon: BookOpen },
  { to: '/t/$team/asset-groups', label: 'Asset groups', icon: FolderTree },
  { to: '/t/$team/asset-duplicates', label: 'Duplicates of assets', icon: Combine },
] as const;

function useCommandItems(onHelp: () => void): Item[] {
  const { team } = useParams({ strict: false });
  const me = useMe();
  const navigate = useNavigate();
  const page = usePageCommands();
  const signOut = useSignOut();
  const go = (nav: { to: string; label: string; icon: LucideIcon; keys?: string }, key = team): Command => ({
    label: nav.label,
    group: 'Go to',
    icon: nav.icon,
    ...(nav.keys && { keys: nav.keys }),
    run: () => void navigate({ to: nav.to, params: { team: key } as never }),
  });
  const others = me?.teams.filter((t) => t.key !== team) ?? [];
  const list: Command[] = [
    ...page,
    ...(team ? [...teamNav, ...furtherNav, ...settingsNav].map((nav) => go(nav)) : []),
    ...(me?.user.admin ? adminNav.map((nav) => go(nav)) : []),
    go({ to: '/inbox', label: 'Inbox', icon: Bell, keys: 'g n' }),
    go({ to: '/account', label: 'Account', icon: CircleUserRound }),
    ...others.map((t) => go({ to: '/t/$team/backlog', label: `Team ${t.name} (${t.key})`, icon: Users }, t.key)),
    { label: 'Switch between light and dark', group: 'Preferences', icon: Moon, run: flipTheme },
    { label: 'Keyboard shortcuts', group: 'Preferences', icon: Keyboard, keys: '?', run: onHelp },
    { label: 'Sign out', group: 'Preferences', icon: LogOut, run: () => void signOut() },
  ];
  return list.map((c, index) => ({ ...c, id: `${index} ${c.label}` }));
}

/** Patches by key, title, component or vulnerability id; from two letters on. */
function usePatchItems(query: string): { items: Item[]; status: string } {
  const { team } = useParams({ strict: false });
  const navigate = useNavigate();
  const search = useQuery({
    queryKey: ['palette', team, query],
    queryFn: ({ signal }) =>
      fetchPatches(team ?? '', { q: query, status: Object.keys(statusLabel) as Status[] }, undefined, signal, 8),
    enabled: !!team && query.length >= 2,
    placeholderData: keepPreviousData,
  });
  const found = query.length >= 2 ? search.data?.items : undefined;
  const status = search.error
    ? `Patches could not be searched: ${toProblem(search.error).detail}`
    : search.isFetching
      ? 'Searching…'
      : 'Nothing found';
  const items = useMemo(
    () =>
      (found ?? []).map((p) => ({
        id: p.key,
        label: p.title,
        group: 'Patches',
        patch: { key: p.key, priority: p.priority },
        run: () => void navigate({ to: '/t/$team/patches/$key', params: { team: team ?? '', key: p.key } }),
      })),
    [found, navigate, team],
  );
  return { items, status };
}

/** Every word of the query occurs in the label or the group. */
function matching(items: Item[], query: string): Item[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((i) => words.every((w) => `${i.label} ${i.group}`.toLowerCase().includes(w)));
}

function grouped(items: Item[]): Group[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups].map(([value, list]) => ({ value, items: list }));
}
