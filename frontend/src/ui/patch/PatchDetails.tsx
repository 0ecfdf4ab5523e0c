import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { patchQuery } from '../../api/patches';
import { usePermission, whoMay } from '../../api/queries';
import type { PatchDetail } from '../../api/schema';
import { dateTime, epssText, longDate, plural } from '../../lib/format';
import { ordinal } from '../../lib/ordinal';
import { reasonText } from '../../lib/reasons';
import { componentName } from '../../lib/source';
import { DueChip, Kev, Person, Points, Risk, StatusBadge } from '../atoms';
import { Button } from '../Button';
import { PatchLink, SprintLink, VulnerabilityLink } from '../links';
import { ErrorState, SkeletonRows } from '../states';
import { ActivityList } from './ActivityList';
import { AssignDialog } from './AssignDialog';
import { type PatchActions, usePatchActions } from './actions';
import { Checks } from './Checks';
import { Coverage } from './Coverage';
import { Description } from './Description';
import { DropDialog } from './DropDialog';
import { Findings } from './Findings';
import { InTime } from './InTime';
import { PointsInput } from './PointsInput';
import { RiskBreakdown } from './RiskBreakdown';
import './patch.css';

/** What people add to a patch; not needed to see its head. */
const Content = lazy(() => import('./content/Content'));
const Discussion = lazy(() => import('./content/Discussion'));
const Tasks = lazy(() => import('./tasks/Tasks'));
const SplitDialog = lazy(() => import('./tasks/SplitDialog'));
const CoAssignees = lazy(() => import('./tasks/CoAssignees'));
const EstimateHistory = lazy(() => import('./EstimateHistory'));
const PatchLessons = lazy(() => import('./PatchLessons'));
const PatchExceptions = lazy(() => import('../exception/PatchExceptions'));

interface Props {
  team: string;
  patchKey: string;
  zone: string;
  /** The title is shown by the page already. */
  untitled?: boolean;
}

/** Everything about one patch; in the side panel and as a page of its own. */
export function PatchDetails({ team, patchKey, zone, untitled }: Props) {
  const { data, error, refetch } = useQuery(patchQuery(team, patchKey));
  const mayWork = usePermission('work', team);
  if (error && !data)
    return <ErrorState error={error} what={`${patchKey} could not be loaded`} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={10} label={`Loading ${patchKey}`} />;
  const part = { team, patch: data, zone, mayWork };
  return (
    <div className="patch-details">
      <About {...part} untitled={untitled} />
      <Found {...part} />
    </div>
  );
}

interface Part {
  team: string;
  patch: PatchDetail;
  zone: string;
  mayWork: boolean;
}

/** What the patch is, why it stands where it stands, and what installing it takes. */
function About({ team, patch, zone, mayWork, untitled }: Part & { untitled?: boolean }) {
  const actions = usePatchActions(team);
  const done = patch.status === 'verified' || patch.status === 'dropped';
  return (
    <div className="patch-half">
      {!untitled && <p className="patch-title">{patch.title}</p>}
      <div className="patch-chips">
        <StatusBadge status={patch.status} />
        {patch.kev && <Kev />}
        <Risk value={patch.priority} band={patch.band} pill />
        <DueChip at={patch.due_at} zone={zone} done={done} policy={patch.due_policy} />
        {patch.kind === 'improvement' && <span className="chip">Improvement</span>}
        {patch.carried > 0 && <span className="chip">{ordinal(patch.carried + 1)} sprint</span>}
      </div>
      <Ending patch={patch} zone={zone} actions={actions} />
      <Facts team={team} patch={patch} actions={actions} mayWork={mayWork} />
      <Description key={patch.key} patch={patch} actions={actions} mayWork={mayWork} />
      <RiskBreakdown team={team} patchKey={patch.key} zone={zone} />
      <Suspense>
        <PatchExceptions team={team} patchKey={patch.key} zone={zone} open={!done} />
      </Suspense>
      {patch.due_at && Date.parse(patch.due_at) > Date.now() && <InTime team={team} patchKey={patch.key} />}
      <Placed patch={patch} zone={zone} />
      <Suspense>
        <Tasks team={team} patchKey={patch.key} mayWork={mayWork} />
      </Suspense>
      <Checks team={team} patchKey={patch.key} mayWork={mayWork} />
      <Suspense>
        <Content team={team} patchKey={patch.key} mayWork={mayWork} />
      </Suspense>
      <Suspense>
        <EstimateHistory team={team} patchKey={patch.key} zone={zone} />
      </Suspense>
    </div>
  );
}

/** Where the patch is needed, and what people said and did. */
function Found({ team, patch, zone, mayWork }: Part) {
  return (
    <div className="patch-half">
      <Vulnerabilities patch={patch} />
      <section className="patch-section">
        <h3>Where it is installed</h3>
        <Coverage team={team} patch={patch} />
      </section>
      <section className="patch-section">
        <h3>
          {patch.findings > 0
            ? `${plural(patch.findings, 'open finding')} on ${plural(patch.assets, 'asset')}`
            : 'Findings'}
        </h3>
        <Findings team={team} patchKey={patch.key} zone={zone} />
      </section>
      <Suspense>
        <Discussion team={team} patchKey={patch.key} zone={zone} mayWork={mayWork} />
      </Suspense>
      <Suspense>
        <PatchLessons team={team} patchKey={patch.key} zone={zone} done={patch.status === 'verified'} />
      </Suspense>
      <section className="patch-section">
        <h3>Activity</h3>
        <ActivityList team={team} patchKey={patch.key} zone={zone} />
      </section>
    </div>
  );
}

/** Dropped or superseded: how it ended, and the way back. */
function Ending({ patch, zone, actions }: { patch: PatchDetail; zone: string; actions: PatchActions }) {
  const mayRank = usePermission('rank');
  if (patch.status !== 'dropped' && !patch.superseded_by) return null;
  return (
    <div className="patch-ending">
      <p>
        {patch.superseded_by ? (
          <>
            Superseded by <PatchLink patchKey={patch.superseded_by} />
          </>
        ) : (
          <>Dropped: {reasonText(patch.drop_reason ?? '')}</>
        )}
        {patch.drop_note && ` — ${patch.drop_note}`} ({longDate(patch.updated_at, zone)})
      </p>
      {patch.status === 'dropped' && !patch.superseded_by && (
        <Button small reason={!mayRank && whoMay.rank} onClick={() => void actions.restore(patch)}>
          Bring back
        </Button>
      )}
    </div>
  );
}

function Facts({
  team,
  patch,
  actions,
  mayWork,
}: {
  team: string;
  patch: PatchDetail;
  actions: PatchActions;
  mayWork: boolean;
}) {
  const [dialog, setDialog] = useState<'points' | 'assign' | 'drop' | 'split' | null>(null);
  const mayRank = usePermission('rank');
  const mayPlan = usePermission('plan');
  const close = () => setDialog(null);
  const open = patch.status !== 'verified' && patch.status !== 'dropped';
  return (
    <>
      <dl className="facts">
        <dt>Component</dt>
        <dd>
          {componentName(patch.component) || '–'} {patch.fixed_version && <code>{patch.fixed_version}</code>}
        </dd>
        <dt>Points</dt>
        <dd>
          {dialog === 'points' ? (
            <PointsInput
              value={patch.points}
              label={`Points of ${patch.key}`}
              onSave={(p) => void actions.estimate([patch], p)}
              onDone={close}
            />
          ) : (
            <Button
              small
              reason={!mayWork && whoMay.work}
              onClick={() => setDialog('points')}
              aria-label={`Points: ${patch.points ?? 'not estimated'}. Change`}
            >
              <Points value={patch.points} />
            </Button>
          )}
        </dd>
        <dt>Assignee</dt>
        <dd>
          <Button
            small
            reason={!mayWork && whoMay.work}
            onClick={() => setDialog('assign')}
            aria-label={`Assignee: ${patch.assignee?.name ?? 'nobody'}. Change`}
          >
            <Person name={patch.assignee?.name} />
          </Button>{' '}
          <Suspense>
            <CoAssignees team={team} patch={patch} mayWork={mayWork} />
          </Suspense>
        </dd>
        <dt>Sprint</dt>
        <dd>{patch.sprint === null ? 'None' : <SprintLink n={patch.sprint} />}</dd>
        <dt>EPSS</dt>
        <dd>{patch.epss === null ? 'Unknown' : epssText(patch.epss)}</dd>
        <dt>CVSS</dt>
        <dd>{patch.cvss ?? 'Unknown'}</dd>
      </dl>
      {open && (
        <p>
          <Button small reason={!mayRank && whoMay.rank} onClick={() => setDialog('drop')}>
            Drop…
          </Button>{' '}
          <Button
            small
            reason={mayPlan ? patch.assets + patch.findings < 2 && 'There is only one thing to patch' : whoMay.plan}
            onClick={() => setDialog('split')}
          >
            Split…
          </Button>
        </p>
      )}
      {dialog === 'assign' && (
        <AssignDialog team={team} patches={[patch]} onClose={close} onAssign={(p) => void actions.assign([patch], p)} />
      )}
      {dialog === 'split' && (
        <Suspense>
          <SplitDialog team={team} patch={patch} onClose={close} />
        </Suspense>
      )}
      {dialog === 'drop' && (
        <DropDialog patches={[patch]} onClose={close} onDrop={(r) => void actions.drop([patch], r)} />
      )}
    </>
  );
}

function Placed({ patch, zone }: { patch: PatchDetail; zone: string }) {
  const p = patch.placement;
  if (!p) return null;
  return (
    <section className="patch-section">
      <h3>Placed by hand</h3>
      <p>
        {p.by}, {dateTime(p.at, zone)}
        {p.reason && ` — “${p.reason}”`}. {driftText(p.drift)}
      </p>
    </section>
  );
}

/** How far a placed patch stands from where its priority would put it. */
export function driftText(drift: number): string {
  if (drift === 0) return 'It stands where its priority would put it.';
  const places = `${Math.abs(drift) >= 1000 ? 'more than ' : ''}${plural(Math.min(1000, Math.abs(drift)), 'place')}`;
  return `It stands ${places} ${drift > 0 ? 'higher' : 'lower'} than its priority would put it.`;
}

function Vulnerabilities({ patch }: { patch: PatchDetail }) {
  if (patch.vulnerability_ids.length === 0) return null;
  const more = patch.vulnerabilities - patch.vulnerability_ids.length;
  return (
    <section className="patch-section">
      <h3>{plural(patch.vulnerabilities, 'vulnerability', 'vulnerabilities')}</h3>
      <ul className="vulnerability-list">
        {patch.vulnerability_ids.map((id) => (
          <li key={id}>
            <VulnerabilityLink id={id} />
          </li>
        ))}
        {more > 0 && <li className="muted">and {more} more</li>}
      </ul>
    </section>
  );
}
