import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { patchListQuery } from '../../api/patches';
import { activityText } from '../../lib/activity';
import { ago, dateTime, longDate } from '../../lib/format';
import { componentName, sourceName, sourceNames } from '../../lib/source';
import { DueChip, Hosts, Kev, Risk, StatusBadge } from '../../ui/atoms';
import { LoadMore } from '../../ui/LoadMore';
import { PatchLink, VulnerabilityLink } from '../../ui/links';
import { SearchInput } from '../../ui/SearchInput';
import { Segmented } from '../../ui/Segmented';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { assetActivityQuery, assetFindingsQuery, componentsQuery, type FindingStatus } from './queries';

interface Props {
  team: string;
  id: string;
  zone: string;
}

/** What its loading, failing and further pages have in common. */
interface Pages {
  data: unknown;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

function Rest({ pages, what }: { pages: Pages; what: string }) {
  if (pages.error && !pages.data)
    return <ErrorState error={pages.error} what={`${what} could not be loaded`} retry={() => void pages.refetch()} />;
  if (!pages.data) return <SkeletonRows rows={6} label={`Loading: ${what}`} />;
  return <LoadMore more={pages.hasNextPage} busy={pages.isFetchingNextPage} load={() => void pages.fetchNextPage()} />;
}

/** The patches it needs, in backlog order. */
export function AssetPatches({ team, id, zone }: Props) {
  const pages = useInfiniteQuery(patchListQuery(team, { asset: [id] }));
  const items = pages.data?.pages.flatMap((p) => p.items);
  return (
    <>
      {items?.length === 0 && <p className="muted">It needs no patch.</p>}
      {!!items?.length && (
        <div className="sheet scroll-x">
          <table className="data">
            <TableHead columns={['Patch', 'Priority', 'Due', 'Status', 'Patched']} />
            <tbody>
              {items.map((p) => (
                <tr key={p.key}>
                  <td>
                    <PatchLink patchKey={p.key} /> {p.title} {p.kev && <Kev />}
                  </td>
                  <td>
                    <Risk value={p.priority} band={p.band} pill />
                  </td>
                  <td>
                    <DueChip at={p.due_at} zone={zone} policy={p.due_policy} />
                  </td>
                  <td>
                    <StatusBadge status={p.status} />
                  </td>
                  <td>
                    <Hosts patched={p.patched} open={p.assets} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Rest pages={pages} what="The patches" />
    </>
  );
}

const statusLabel: Record<FindingStatus, string> = {
  open: 'Open',
  fixed: 'Fixed',
  not_seen: 'Not seen',
  not_affected: 'Not affected',
};

export function AssetFindings({ team, id, zone }: Props) {
  const [status, setStatus] = useState<FindingStatus | 'all'>('open');
  const pages = useInfiniteQuery(assetFindingsQuery(team, id, status === 'all' ? '' : status));
  const items = pages.data?.pages.flatMap((p) => p.items);
  const choices = [...Object.entries(statusLabel), ['all', 'All']] as [FindingStatus | 'all', string][];
  return (
    <>
      <div className="tab-tools">
        <Segmented label="Status of the findings" value={status} onChange={setStatus} options={choices} />
      </div>
      {items?.length === 0 && <p className="muted">There are no such findings.</p>}
      {!!items?.length && (
        <div className="sheet scroll-x">
          <table className="data">
            <TableHead columns={['Vulnerability', 'Component', 'Status', 'Patch', 'Sources']} />
            <tbody>
              {items.map((f) => (
                <tr key={f.id}>
                  <td>
                    <VulnerabilityLink id={f.vulnerability} /> {f.kev && <Kev />}
                  </td>
                  <td>
                    {componentName(f.component)} {f.installed_version}
                    {f.fixed_version && ` → ${f.fixed_version}`}
                  </td>
                  <td title={`Since ${longDate(f.changed_at, zone)}`}>{statusLabel[f.status]}</td>
                  <td>{f.patch ? <PatchLink patchKey={f.patch} /> : <span className="muted">no fix known</span>}</td>
                  <td>{sourceNames(f.sources)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Rest pages={pages} what="The findings" />
    </>
  );
}

export function AssetComponents({ team, id, zone }: Props) {
  const [q, setQ] = useState('');
  const pages = useInfiniteQuery(componentsQuery(team, id, q));
  const items = pages.data?.pages.flatMap((p) => p.items);
  return (
    <>
      <div className="tab-tools">
        <SearchInput label="Search what is installed" value={q} onSearch={setQ} />
      </div>
      {items?.length === 0 && (
        <p className="muted">
          {q
            ? 'Nothing installed is called like that.'
            : 'Nobody has listed what is installed. Import what “dpkg-query” or “rpm -qa” prints, or a CycloneDX SBOM.'}
        </p>
      )}
      {!!items?.length && (
        <div className="sheet scroll-x">
          <table className="data">
            <TableHead columns={['Component', 'Version', 'Source', 'Since']} />
            <tbody>
              {items.map((c) => (
                <tr key={`${c.component} ${c.version} ${c.source}`}>
                  <td title={c.component}>{c.name}</td>
                  <td>
                    <code>{c.version}</code>
                  </td>
                  <td>{sourceName(c.source)}</td>
                  <td>{longDate(c.seen_at, zone)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Rest pages={pages} what="The components" />
    </>
  );
}

export function AssetActivity({ team, id, zone }: Props) {
  const pages = useInfiniteQuery(assetActivityQuery(team, id));
  const items = pages.data?.pages.flatMap((p) => p.items);
  return (
    <>
      {items?.length === 0 && <p className="muted">A report brought it; nobody has changed it since.</p>}
      <ol className="activity">
        {items?.map((a, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events have no id and never change
          <li key={`${a.at} ${i}`}>
            <b>{a.who}</b> {activityText(a)}{' '}
            <time dateTime={a.at} title={dateTime(a.at, zone)}>
              {ago(a.at)}
            </time>
          </li>
        ))}
      </ol>
      <Rest pages={pages} what="The history" />
    </>
  );
}
