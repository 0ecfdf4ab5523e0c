import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Problem, toProblem } from '../../api/problem';
import type { HistorySprint } from '../../api/schema';
import { importHistory, sprintKeys } from '../../api/sprints';
import { num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { FileDrop } from '../../ui/FileDrop';
import { SprintReportLink } from '../../ui/links';
import { Progress } from '../../ui/Progress';

interface Outcome {
  file: string;
  sprints: HistorySprint[];
  problem?: Problem;
}

/** Closed sprints that were lived elsewhere, so that velocity and forecasts work on the first day. */
export default function HistoryDialog({ team, onClose }: { team: string; onClose: () => void }) {
  const [reading, setReading] = useState('');
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const client = useQueryClient();
  const send = async (files: File[]) => {
    for (const file of files) {
      setReading(file.name);
      const outcome = await one(team, file);
      setOutcomes((old) => [...old, outcome]);
    }
    setReading('');
    await client.invalidateQueries({ queryKey: sprintKeys.all(team) });
  };
  return (
    <Dialog open onClose={onClose} title="Import past sprints" wide>
      {reading ? (
        <div className="form">
          <p>Reading {reading}…</p>
          <Progress label={`Reading ${reading}`} value={null} />
        </div>
      ) : (
        <FileDrop
          label="Drop files with past sprints here or choose them"
          hint="JSON of sprints with their events, CSV with sprint, start, end, committed and completed, or Jira’s sprints and issues with their change log; at most 64 MB"
          accept=".json,.csv,application/json,text/csv"
          multiple
          onFiles={(files) => void send(files)}
        />
      )}
      <div className="history-outcomes" role="status">
        {outcomes.map((o, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be sent twice
          <OutcomeView key={i} outcome={o} />
        ))}
      </div>
      <Actions>
        <Button variant={outcomes.length > 0 ? 'primary' : 'plain'} onClick={onClose}>
          {outcomes.length > 0 ? 'Done' : 'Cancel'}
        </Button>
      </Actions>
    </Dialog>
  );
}

async function one(team: string, file: File): Promise<Outcome> {
  try {
    return { file: file.name, sprints: (await importHistory(team, file)).sprints };
  } catch (error) {
    return { file: file.name, sprints: [], problem: toProblem(error) };
  }
}

const OutcomeView = ({ outcome: o }: { outcome: Outcome }) => (
  <section>
    <h3>{o.file}</h3>
    {o.problem && (
      <p className="history-refused" role="alert">
        {o.problem.detail || o.problem.title}
      </p>
    )}
    <ul>
      {o.sprints.map((s) => (
        <li key={s.sprint}>
          <b>{s.name || `Sprint ${s.sprint}`}</b>: {num.format(s.completed)} of {plural(s.committed, 'point')} completed
          {s.carried > 0 && `, ${plural(s.carried, 'item')} carried`}
          {s.dropped > 0 && `, ${num.format(s.dropped)} dropped`}. <SprintReportLink n={s.sprint} className="link" />
          {s.warnings.map((w) => (
            <div key={w} className="muted">
              {w}
            </div>
          ))}
        </li>
      ))}
    </ul>
  </section>
);
