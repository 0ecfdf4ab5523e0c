import { useInfiniteQuery } from '@tanstack/react-query';
import { findingsQuery } from '../../api/patches';
import type { Finding } from '../../api/schema';
import { longDate, plural } from '../../lib/format';
import { componentName, sourceNames } from '../../lib/source';
import { Kev } from '../atoms';
import { LoadMore } from '../LoadMore';
import { VulnerabilityLink } from '../links';
import { ErrorState, SkeletonRows } from '../states';

/** What the patch removes, asset by asset. */
export function Findings({ team, patchKey, zone }: { team: string; patchKey: string; zone: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    findingsQuery(team, patchKey),
  );
  if (error && !data)
    return <ErrorState error={error} what="The findings could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading findings" />;
  const all = data.pages.flatMap((p) => p.items);
  if (all.length === 0) return <p className="muted">No scanner has reported anything that this patch removes.</p>;
  const open = byAsset(data.pages[0]?.items ?? []).length <= few;
  return (
    <>
      {byAsset(all).map(([name, findings]) => (
        <details key={name} className="finding-group" open={open}>
          <summary>
            {name} <span className="muted">{summary(findings)}</span>
          </summary>
          <ul>
            {findings.map((f) => (
              <FindingRow key={f.id} finding={f} zone={zone} />
            ))}
          </ul>
        </details>
      ))}
      {hasNextPage && <LoadMore more busy={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </>
  );
}

/** So many assets show their findings without being asked. */
const few = 3;

function summary(findings: Finding[]): string {
  const open = findings.filter((f) => f.status === 'open').length;
  return plural(findings.length, 'finding') + (open < findings.length ? `, ${open} open` : '');
}

function FindingRow({ finding: f, zone }: { finding: Finding; zone: string }) {
  return (
    <li data-status={f.status}>
      <VulnerabilityLink id={f.vulnerability} />
      {f.kev && <Kev />}
      <span className="clip">
        {componentName(f.component)} {f.installed_version}
        {f.fixed_version && ` → ${f.fixed_version}`}
      </span>
      <small className="muted">
        {f.status === 'open' ? '' : `${statusText[f.status]} · `}
        {sourceNames(f.sources)} · since {longDate(f.first_seen_at, zone)}
      </small>
    </li>
  );
}

const statusText: Record<Finding['status'], string> = {
  open: 'open',
  not_seen: 'not seen any more',
  not_affected: 'not affected',
  fixed: 'fixed',
};

function byAsset(findings: Finding[]): [string, Finding[]][] {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) groups.set(f.asset.name, [...(groups.get(f.asset.name) ?? []), f]);
  return [...groups];
}
