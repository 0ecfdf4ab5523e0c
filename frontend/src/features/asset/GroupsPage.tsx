import './asset.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { groupsQuery } from '../../api/assets';
import { api, call } from '../../api/client';
import { usePermission, whoMay } from '../../api/queries';
import type { AssetGroup } from '../../api/schema';
import { useTitle } from '../../app/title';
import { num } from '../../lib/format';
import { Button } from '../../ui/Button';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { toast, toastError } from '../../ui/toast';
import { GroupDialog } from './GroupDialog';
import { assetKeys } from './queries';
import { ruleText } from './rule';

/** Named sets of assets, by hand and by rule. */
export function GroupsPage() {
  const { team = '' } = useParams({ strict: false });
  useTitle(`Asset groups · ${team}`);
  const mayWork = usePermission('work');
  const { data, error, refetch } = useQuery(groupsQuery(team));
  const [open, setOpen] = useState<AssetGroup | 'new' | null>(null);
  const remove = useRemove(team);
  return (
    <div className="page long">
      <header className="page-head">
        <div>
          <h1>Asset groups</h1>
          <p>
            <Link to="/t/$team/assets" params={{ team }} className="link">
              Assets
            </Link>{' '}
            by what they have in common, or put together by hand
          </p>
        </div>
        <div className="tools">
          <Button variant="primary" reason={!mayWork && whoMay.work} onClick={() => setOpen('new')}>
            <Plus size={15} aria-hidden /> New group
          </Button>
        </div>
      </header>
      {error && !data ? (
        <ErrorState error={error} what="The groups could not be loaded" retry={() => void refetch()} />
      ) : !data ? (
        <SkeletonRows rows={5} label="Loading groups" />
      ) : data.items.length === 0 ? (
        <EmptyState title="There are no groups yet">
          A group narrows the backlog to what it needs. Its rule, such as “tag is pci and environment is production”,
          keeps it up to date by itself.
        </EmptyState>
      ) : (
        <ul className="group-list">
          {data.items.map((g) => (
            <li key={g.id}>
              <div>
                <b>{g.name}</b>
                <p>{g.rule.length > 0 ? ruleText(g.rule) : 'Only what was put there by hand'}</p>
                {g.description && <p className="muted">{g.description}</p>}
              </div>
              <div className="actions">
                <Link to="/t/$team/assets" params={{ team }} search={{ group: g.id }} className="btn small">
                  {num.format(g.assets)} {g.assets === 1 ? 'asset' : 'assets'}
                </Link>
                <Link to="/t/$team/backlog" params={{ team }} search={{ group: g.id }} className="btn small">
                  Its patches
                </Link>
                <Button small reason={!mayWork && whoMay.work} onClick={() => setOpen(g)} aria-label={`Edit ${g.name}`}>
                  Edit
                </Button>
                <Button
                  small
                  reason={!mayWork && whoMay.work}
                  onClick={() => void remove(g)}
                  aria-label={`Delete ${g.name}`}
                >
                  Delete
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {open && <GroupDialog team={team} group={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** A group can be made again from what is known of it, with those who were put there by hand. */
function useRemove(team: string) {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: assetKeys.all(team) });
  return async (g: AssetGroup) => {
    try {
      const pinned = await pinnedIn(team, g.id);
      await call(api.DELETE('/teams/{team}/asset-groups/{id}', { params: { path: { team, id: g.id } } }));
      await refresh();
      const undo = async () => {
        const body = { name: g.name, description: g.description, rule: g.rule };
        const made = await call(api.POST('/teams/{team}/asset-groups', { params: { path: { team } }, body }));
        if (pinned.length > 0) {
          const change = { add_groups: [made.id] };
          await call(
            api.POST('/teams/{team}/asset-edits', { params: { path: { team } }, body: { ids: pinned, change } }),
          );
        }
        await refresh();
      };
      toast({ text: `${g.name} was deleted`, undo });
    } catch (error) {
      toastError(error, `${g.name} was not deleted`);
    }
  };
}

async function pinnedIn(team: string, group: string): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = { group, limit: 200, ...(cursor && { cursor }) };
    const page: { items: { id: string; groups: { id: string; pinned: boolean }[] }[]; next_cursor: string | null } =
      await call(api.GET('/teams/{team}/assets', { params: { path: { team }, query } }));
    ids.push(...page.items.filter((a) => a.groups.some((m) => m.id === group && m.pinned)).map((a) => a.id));
    cursor = page.next_cursor;
  }
  return ids;
}
