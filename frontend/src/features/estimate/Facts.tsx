import '../../ui/patch/patch.css';
import { useQuery } from '@tanstack/react-query';
import { contentQuery } from '../../api/content';
import { patchQuery } from '../../api/patches';
import { DueChip, Hosts, Kev, Points, Risk, StatusBadge } from '../../ui/atoms';
import { LessonsLine } from '../../ui/patch/LessonsLine';
import { Suggestion } from '../../ui/patch/Suggestion';
import { ErrorState, SkeletonRows } from '../../ui/states';

interface Props {
  team: string;
  patchKey: string;
  zone: string;
}

/** What is known about the patch that is estimated. */
export function Facts({ team, patchKey, zone }: Props) {
  const { data, error, refetch } = useQuery(patchQuery(team, patchKey));
  const { data: content } = useQuery(contentQuery(team, patchKey));
  if (error && !data)
    return <ErrorState error={error} what={`${patchKey} could not be loaded`} retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label={`Loading ${patchKey}`} />;
  const reboot = { yes: 'needed', no: 'not needed', unknown: 'unknown' }[content?.reboot ?? 'unknown'];
  return (
    <aside className="estimate-facts panel" aria-label={`Facts of ${patchKey}`}>
      <div className="patch-chips">
        <StatusBadge status={data.status} />
        {data.kev && <Kev />}
        <Risk value={data.priority} band={data.band} pill />
        <DueChip at={data.due_at} zone={zone} policy={data.due_policy} />
      </div>
      <dl className="facts">
        <dt>Component</dt>
        <dd>
          {data.component || '–'} {data.fixed_version && <code>{data.fixed_version}</code>}
        </dd>
        <dt>Estimate</dt>
        <dd>
          <Points value={data.points} />
        </dd>
        <dt>Assets</dt>
        <dd>
          <Hosts patched={data.patched} open={data.assets} />
        </dd>
        <dt>Reboot</dt>
        <dd>{reboot}</dd>
        {content && content.downtime_minutes !== null && (
          <>
            <dt>Downtime</dt>
            <dd>{content.downtime_minutes} min</dd>
          </>
        )}
        <dt>Vulnerabilities</dt>
        <dd>{data.vulnerabilities}</dd>
      </dl>
      {data.description && <p className="estimate-text">{data.description}</p>}
      <LessonsLine team={team} patchKey={patchKey} zone={zone} />
      <Suggestion team={team} patchKey={patchKey} zone={zone} />
    </aside>
  );
}
