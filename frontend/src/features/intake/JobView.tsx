import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Import } from '../../api/schema';
import { ago, bytesText, dateTime, num, plural } from '../../lib/format';
import { announce } from '../../ui/LiveRegion';
import { Progress } from '../../ui/Progress';
import { TableHead } from '../../ui/TableHead';
import { formatsQuery, importQuery, isOver } from './queries';
import { outcomeText, problemText, progressOf, scopeText, stateLabel } from './words';

/** One import: how far it is, then what it changed. */
export function JobView({ team, listed }: { team: string; listed: Import }) {
  const { data } = useQuery({ ...importQuery(team, listed.id), enabled: !isOver(listed), initialData: listed });
  const { data: formats } = useQuery(formatsQuery);
  const job = isOver(listed) ? listed : data;
  const format = formats?.find((f) => f.id === job.format)?.title ?? job.format;
  useOutcome(team, job);
  return (
    <li className="job">
      <div className="job-head">
        <b>{job.file || 'Unnamed file'}</b>
        <span className="badge count state" data-state={job.state}>
          {stateLabel[job.state]}
        </span>
        <span className="job-meta push" title={dateTime(job.created_at)}>
          {ago(job.created_at)} by {job.created_by.name}
        </span>
      </div>
      <span className="job-meta">{[format, scopeText(job), bytesText(job.bytes)].filter(Boolean).join(' · ')}</span>
      {job.state === 'queued' ? (
        <span className="job-meta">Waits for its turn</span>
      ) : (
        !isOver(job) && <JobProgress job={job} />
      )}
      {job.state === 'done' && <Numbers team={team} job={job} />}
      {job.error && (
        <div className="form-problem">
          {problemText(job)}
          {job.state === 'refused' && <p>Nothing was changed.</p>}
        </div>
      )}
      {job.notes.length > 0 && (
        <ul className="job-notes">
          {job.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {job.rejected_count > 0 && <Rejected job={job} />}
    </li>
  );
}

/** When a job that was seen running ends, the rest of the app has new facts, and people are told. */
function useOutcome(team: string, job: Import) {
  const client = useQueryClient();
  const ran = useRef(false);
  const over = isOver(job);
  const text = outcomeText(job);
  useEffect(() => {
    if (!over) ran.current = true;
    else if (ran.current) {
      ran.current = false;
      announce(text);
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === team });
    }
  }, [over, text, client, team]);
}

function JobProgress({ job }: { job: Import }) {
  const { value, text } = progressOf(job);
  return (
    <div className="job-progress">
      <Progress label={`Reading ${job.file}`} value={value} />
      <span>{text}</span>
    </div>
  );
}

function Numbers({ team, job }: { team: string; job: Import }) {
  const { findings, patches } = job;
  const numbers: [string, number][] = [
    ['Records', job.records],
    ['Vulnerabilities', job.vulnerabilities],
    ['New findings', findings.new],
    ['Unchanged', findings.unchanged],
    ['Closed', findings.closed],
    ['Without a fix', findings.without_fix],
    ['New patches', patches.new],
    ['Changed', patches.changed],
    ['Superseded', patches.superseded],
    ['Rejected', job.rejected_count],
  ];
  return (
    <>
      <dl className="job-numbers">
        {numbers
          .filter(([label, n]) => n > 0 || label === 'Records')
          .map(([label, n]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{num.format(n)}</dd>
            </div>
          ))}
      </dl>
      {patches.new > 0 && (
        <span>
          <Link to="/t/$team/backlog" params={{ team }} className="link">
            See {plural(patches.new, 'new patch', 'new patches')} in the backlog
          </Link>
        </span>
      )}
    </>
  );
}

function Rejected({ job }: { job: Import }) {
  const more = job.rejected_count - job.rejected.length;
  return (
    <details>
      <summary>{plural(job.rejected_count, 'rejected record')}</summary>
      <div className="rejected">
        <table className="data">
          <TableHead columns={['Where', 'Why it was not taken']} />
          <tbody>
            {job.rejected.map((r) => (
              <tr key={`${r.position} ${r.reason}`}>
                <td>{r.position}</td>
                <td>{r.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more > 0 && <p className="job-meta">and {num.format(more)} more</p>}
    </details>
  );
}
