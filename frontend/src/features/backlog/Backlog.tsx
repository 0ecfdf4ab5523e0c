import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useMemo, useRef } from 'react';
import type { PatchFilter } from '../../api/patches';
import { usePermission, whoMay } from '../../api/queries';
import type { MyTeam } from '../../api/schema';
import { forecastQuery } from '../../api/sprints';
import { type UrlState, useUrlState } from '../../app/url';
import { countText } from '../../lib/format';
import { useMedia } from '../../lib/media';
import { Button } from '../../ui/Button';
import { TeamLink } from '../../ui/links';
import { PatchPanel } from '../../ui/patch/lazy';
import { Segmented } from '../../ui/Segmented';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states';
import { BacklogGrid, NoteRow } from './BacklogGrid';
import { FilterBar } from './FilterBar';
import { cleared, filterOf, isRanked, isWhole } from './filter';
import { cutLines, dueLine } from './lines';
import { Planning } from './Planning';
import { placementText } from './placement';
import { SelectionBar } from './SelectionBar';
import { useBacklog } from './useBacklog';
import { useBacklogCommands } from './useBacklogCommands';
import { useBacklogKeys } from './useBacklogKeys';
import { useDrops } from './useDrops';
import { useView } from './useView';

const News = lazy(() => import('./News'));
const BacklogDialogs = lazy(() => import('./BacklogDialogs').then((m) => ({ default: m.BacklogDialogs })));

type View = 'both' | 'backlog' | 'sprint';
const views: (readonly [View, string])[] = [
  ['both', 'Both'],
  ['backlog', 'Backlog'],
  ['sprint', 'Sprints'],
];

export function Backlog({ team }: { team: MyTeam }) {
  const [url, change] = useUrlState();
  const filterText = JSON.stringify(filterOf(url));
  // the same filter keeps its identity, and with it the rows
  const filter = useMemo(() => JSON.parse(filterText) as PatchFilter, [filterText]);
  const backlog = useBacklog(team.key, filter);
  const mayWork = usePermission('work', team.key);
  const mayRank = usePermission('rank', team.key);
  const scroller = useRef<HTMLDivElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const shown = useView(team.key, url, change);
  const page = useBacklogCommands({ team, filter, backlog, url, change, scroller });
  const onKeyDown = useBacklogKeys(page, search);
  useDrops(page);
  const whole = isWhole(filter);
  const lines = useLines(team, backlog, page.sprints, whole);
  const narrow = useMedia('(max-width: 64em)'); // too little room for two lists side by side
  const view: View = (['backlog', 'sprint'] as const).find((v) => v === url.view) ?? (narrow ? 'backlog' : 'both');
  const open = url.patch;
  const reasons = { work: !mayWork && whoMay.work, rank: !mayRank && whoMay.rank, sprint: page.noSprint() };
  return (
    <div className="page backlog-page">
      <header className="page-head">
        <div>
          <h1>Backlog</h1>
          <p>
            {backlog.data
              ? `${countText(backlog.count, backlog.capped)} ${backlog.count === 1 ? 'patch' : 'patches'}`
              : ' '}
          </p>
        </div>
        <div className="tools">
          <Segmented<View>
            label="View"
            value={view}
            onChange={(v) => change({ view: v === (narrow ? 'backlog' : 'both') ? undefined : v })}
            options={narrow ? views.slice(1) : views}
          />
          <Button variant="primary" reason={reasons.work} onClick={() => page.ask({ kind: 'create' })}>
            <Plus size={15} aria-hidden />
            New patch
          </Button>
        </div>
      </header>
      <FilterBar
        team={team.key}
        url={url}
        change={change}
        search={search}
        view={shown}
        ask={page.ask}
        onFind={page.find}
      />
      <Suspense>
        <News team={team} />
      </Suspense>
      <div className="with-panel">
        <div className="panes" data-view={view} data-peek={open ? '' : undefined}>
          <section className="backlog-pane" aria-label="Backlog">
            {backlog.error && !backlog.data ? (
              <ErrorState
                error={backlog.error}
                what="The backlog could not be loaded"
                retry={() => void backlog.refetch()}
              />
            ) : (
              <BacklogGrid
                scroller={scroller}
                rows={backlog.rows}
                lines={lines}
                total={backlog.count}
                complete={!backlog.hasNextPage && !backlog.capped}
                active={page.active}
                selected={page.selection.keys}
                editing={page.editing}
                zone={team.time_zone}
                mayRank={mayRank}
                mayWork={mayWork}
                ranked={isRanked(filter)}
                columns={shown.columns}
                comfortable={shown.comfortable}
                widths={shown.widths}
                team={team.key}
                words={filter.q}
                whole={whole}
                commands={page.commands}
                onSee={backlog.see}
                onKeyDown={onKeyDown}
                reveal={page.reveal}
              >
                {backlog.isPending && <SkeletonRows rows={16} label="Loading the backlog" />}
                {backlog.data && backlog.rows.length === 0 && (
                  <Nothing
                    filtered={!whole && filterText !== JSON.stringify({ order: filter.order })}
                    onClear={() => change(cleared)}
                  />
                )}
                {backlog.isFetchNextPageError && (
                  <NoteRow>
                    <div className="load-more">
                      The next rows could not be loaded.{' '}
                      <Button small onClick={() => void backlog.fetchNextPage()}>
                        Try again
                      </Button>
                    </div>
                  </NoteRow>
                )}
              </BacklogGrid>
            )}
            {page.selection.patches.length > 0 ? (
              <SelectionBar
                patches={page.selection.patches}
                sprint={page.target}
                reasons={reasons}
                onSprint={page.intoSprint}
                onAssign={() => page.ask({ kind: 'assign', patches: page.selection.patches })}
                onEstimate={() => page.ask({ kind: 'estimate', patches: page.selection.patches })}
                onChange={() => page.ask({ kind: 'bulk', patches: page.selection.patches })}
                more={
                  backlog.hasNextPage && page.selection.patches.length === backlog.rows.length
                    ? () => void page.selectMatching()
                    : undefined
                }
                total={countText(backlog.count, backlog.capped)}
                onClear={page.selection.clear}
              />
            ) : (
              <p id="grid-help" className="help grid-help">
                {page.activePatch?.placement
                  ? placementText(page.activePatch.placement)
                  : 'J K or arrows move · Enter opens · X selects · F filters · V views · E estimates · Alt ↑ ↓ re-ranks · Shift C into the sprint'}
              </p>
            )}
          </section>
          {!open && <Planning team={team} onOpen={page.commands.open} />}
        </div>
        {open && <PatchPanel team={team.key} patchKey={open} zone={team.time_zone} onClose={page.closePanel} />}
      </div>
      {page.asking && (
        <Suspense>
          <BacklogDialogs
            asking={page.asking}
            team={team.key}
            last={backlog.rows.length}
            actions={page.actions}
            planning={page.planning}
            onClose={page.closeDialog}
            onPlace={page.placeAt}
            onCreated={page.commands.open}
            onDropped={page.selection.clear}
            url={url}
            change={change}
            filter={filter}
            view={shown}
            onEdit={page.changeMany}
          />
        </Suspense>
      )}
    </div>
  );
}

function useLines(
  team: MyTeam,
  backlog: ReturnType<typeof useBacklog>,
  sprints: ReturnType<typeof useBacklogCommands>['sprints'],
  whole: boolean,
) {
  const { data: forecast } = useQuery(forecastQuery(team.key));
  const { rows, hasNextPage } = backlog;
  return useMemo(() => {
    if (!whole) return [];
    const active = sprints.find((s) => s.state === 'active');
    const complete = !hasNextPage;
    return [
      ...cutLines(rows, forecast, active?.number ?? null, complete),
      ...dueLine(rows, active ?? sprints[0], team.time_zone, complete),
    ];
  }, [whole, rows, hasNextPage, forecast, sprints, team.time_zone]);
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: (clear?: UrlState) => void }) {
  return (
    <NoteRow>
      {filtered ? (
        <EmptyState title="No patch matches" action={<Button onClick={() => onClear()}>Clear filters</Button>}>
          Nothing in the backlog fits all of these filters.
        </EmptyState>
      ) : (
        <EmptyState
          title="The backlog is empty"
          action={
            <TeamLink to="imports" className="btn primary">
              Import a scanner report
            </TeamLink>
          }
        >
          Patches appear when a report is imported: one per fix, ranked by risk. Press C to add one by hand.
        </EmptyState>
      )}
    </NoteRow>
  );
}
