import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import { type Problem, toProblem } from '../../api/problem';
import type { AssetImport } from '../../api/schema';
import { bytesText, num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { FileDrop } from '../../ui/FileDrop';
import { FormProblem } from '../../ui/form';
import { Progress } from '../../ui/Progress';
import { TableHead } from '../../ui/TableHead';
import { assetKeys } from './queries';
import { columns, sampleCSV } from './sample';

const maxBytes = 10 * 1024 * 1024;

type State = { at: 'choose' } | { at: 'sending'; file: File } | { at: 'done'; file: File; result: AssetImport };

/** Inventory from CSV: rows are matched by name, bad ones are shown and the rest is taken. */
export default function AssetImportDialog({ team, onClose }: { team: string; onClose: () => void }) {
  const [state, setState] = useState<State>({ at: 'choose' });
  const [problem, setProblem] = useState<Problem | null>(null);
  const client = useQueryClient();
  const send = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    if (file.size > maxBytes) {
      setProblem(tooLarge(file));
      return;
    }
    setState({ at: 'sending', file });
    try {
      setState({ at: 'done', file, result: await upload(team, file) });
      await client.invalidateQueries({ queryKey: assetKeys.all(team) });
    } catch (error) {
      setProblem(toProblem(error));
      setState({ at: 'choose' });
    }
  };
  return (
    <Dialog open onClose={onClose} title="Import assets from CSV" wide>
      {state.at === 'done' ? (
        <Result file={state.file} result={state.result} />
      ) : (
        <>
          {state.at === 'sending' ? (
            <div className="form">
              <p>Reading {state.file.name}…</p>
              <Progress label={`Reading ${state.file.name}`} value={null} />
            </div>
          ) : (
            <FileDrop
              label="Drop a CSV file here or choose one"
              hint="UTF-8, at most 10 MiB; the first line names the columns"
              accept=".csv,text/csv"
              onFiles={(files) => void send(files[0])}
            />
          )}
          <FormProblem problem={problem} />
          <ColumnsHelp />
        </>
      )}
      <Actions>
        {state.at === 'done' && <Button onClick={() => setState({ at: 'choose' })}>Import another</Button>}
        <Button variant={state.at === 'done' ? 'primary' : 'plain'} onClick={onClose}>
          {state.at === 'done' ? 'Done' : 'Cancel'}
        </Button>
      </Actions>
    </Dialog>
  );
}

const upload = (team: string, file: File) =>
  call(
    api.POST('/teams/{team}/assets/import', {
      params: { path: { team } },
      body: file as unknown as string,
      headers: { 'Content-Type': 'text/csv' },
      bodySerializer: (body) => body, // the file as it is
    }),
  );

const tooLarge = (file: File): Problem => ({
  type: 'about:blank#too-large',
  title: 'Too large',
  status: 413,
  detail: `${file.name} has ${bytesText(file.size)}; at most 10 MiB are taken. Split it into several files.`,
  request_id: '',
});

function Result({ file, result }: { file: File; result: AssetImport }) {
  const tally = [
    ['Rows', result.rows],
    ['Added', result.created],
    ['Changed', result.updated],
    ['Unchanged', result.unchanged],
    ['Rejected', result.rejected.length],
  ] as const;
  return (
    <div role="status">
      <p className="dialog-text">{file.name} was read.</p>
      <dl className="tally">
        {tally.map(([label, n]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{num.format(n)}</dd>
          </div>
        ))}
      </dl>
      {result.rejected.length > 0 && (
        <div className="rejections">
          <table className="data">
            <caption className="sr">{plural(result.rejected.length, 'rejected row')}</caption>
            <TableHead columns={['Where', 'Why it was not taken']} />
            <tbody>
              {result.rejected.map((r) => (
                <tr key={`${r.position} ${r.reason}`}>
                  <td>{r.position}</td>
                  <td>{r.reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const ColumnsHelp = () => (
  <details className="columns-help">
    <summary>The columns, and a sample file</summary>
    <table className="data">
      <TableHead columns={['Column', 'What it takes']} />
      <tbody>
        {columns.map(([name, text]) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
            </td>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
    <p className="field-hint">
      Columns may stand in any order. A column that is absent leaves existing values as they are.{' '}
      <a className="link" href={sampleCSV} download="assets-sample.csv">
        Download a sample
      </a>
    </p>
  </details>
);
