import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { contentKeys, contentQuery } from '../../../api/content';
import { patchKeys } from '../../../api/patches';
import type { PatchContent } from '../../../api/schema';
import { webAddress } from '../../../lib/markdown';
import { StatusBadge } from '../../atoms';
import { Button } from '../../Button';
import { PatchLink } from '../../links';
import { ErrorState, SkeletonRows } from '../../states';
import { ContentForm } from './ContentForm';
import { Needs } from './Needs';
import './content.css';

interface Props {
  team: string;
  patchKey: string;
  mayWork: boolean;
}

/** What installing the patch takes, and what has to go in before it. */
export default function Content({ team, patchKey, mayWork }: Props) {
  const { data, error, refetch } = useQuery(contentQuery(team, patchKey));
  const [editing, setEditing] = useState(false);
  const keep = useKeep(team, patchKey);
  if (error && !data)
    return <ErrorState error={error} what="What installing takes could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={3} label="Loading what installing takes" />;
  return (
    <section className="patch-section content" aria-labelledby="installing">
      <h3 id="installing">Installing it</h3>
      {data.blocked_by.length > 0 && (
        <p className="badge content-blocked">Blocked by {data.blocked_by.join(', ')}, which must go in first</p>
      )}
      {editing ? (
        <ContentForm team={team} content={data} onSaved={keep} onDone={() => setEditing(false)} />
      ) : (
        <>
          <Known content={data} />
          {mayWork && (
            <Button small onClick={() => setEditing(true)}>
              Edit reboot, downtime and advisories
            </Button>
          )}
        </>
      )}
      <Needs team={team} content={data} mayWork={mayWork} onChanged={keep} />
      <Related title="Split from the same patch" list={data.parts} />
      <Related title="Needed by" list={data.needed_by} />
      <Related title="Supersedes" list={data.supersedes} />
      {data.superseded_by && <Related title="Superseded by" list={[data.superseded_by]} />}
    </section>
  );
}

/** Shows the answer of a change at once, and reads again what else tells of it. */
function useKeep(team: string, key: string) {
  const client = useQueryClient();
  return (now: PatchContent) => {
    client.setQueryData(contentKeys.content(team, key), now);
    void client.invalidateQueries({ queryKey: patchKeys.detail(team, key) });
  };
}

const rebootText = { yes: 'Yes', no: 'No', unknown: 'Unknown' } as const;

/** "1 h 30 min"; minutes alone below an hour. */
export function durationText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

const Known = ({ content: c }: { content: PatchContent }) => (
  <dl className="facts">
    <dt>Reboot</dt>
    <dd className={c.reboot === 'unknown' ? 'muted' : undefined}>{rebootText[c.reboot]}</dd>
    <dt>Downtime</dt>
    <dd className={c.downtime_minutes === null ? 'muted' : undefined}>
      {c.downtime_minutes === null ? 'Unknown' : durationText(c.downtime_minutes)}
    </dd>
    <dt>Advisories</dt>
    <dd>
      {c.links.length === 0 && <span className="muted">None linked</span>}
      {c.links.map((l) => {
        const href = webAddress(l.url);
        return (
          <div key={l.url}>
            {href ? (
              <a className="link" href={href} target="_blank" rel="noreferrer noopener">
                {l.title}
              </a>
            ) : (
              l.title
            )}
          </div>
        );
      })}
    </dd>
  </dl>
);

function Related({ title, list }: { title: string; list: PatchContent['needs'] }) {
  if (list.length === 0) return null;
  return (
    <div className="related">
      <h4>{title}</h4>
      <ul>
        {list.map((p) => (
          <li key={p.key}>
            <PatchLink patchKey={p.key} /> <span className="clip">{p.title}</span> <StatusBadge status={p.status} />
          </li>
        ))}
      </ul>
    </div>
  );
}
