import { Download } from 'lucide-react';
import { type ReactNode, type Ref, useId, useRef, useState } from 'react';
import { chartToPng, saveFile } from '../../charts/png';
import { num } from '../../lib/format';
import { type Table, toCSV } from '../../lib/table';
import { Button } from '../../ui/Button';
import { Segmented } from '../../ui/Segmented';
import { TableScroll } from '../../ui/TableScroll';
import { toastError } from '../../ui/toast';

interface Props {
  title: string;
  /** What the chart says, in a sentence. */
  sentence: string;
  /** Of the files, without their ending. */
  file: string;
  table: Table;
  /** What the JSON file holds: the answer of the API. */
  data: unknown;
  legend?: ReactNode;
  tools?: ReactNode;
  chart: (svg: Ref<SVGSVGElement>) => ReactNode;
}

type Look = 'chart' | 'table';

/** A chart with everything a report needs: the same as a table, and as CSV, JSON and picture. */
export function ChartSheet({ title, sentence, file, table, data, legend, tools, chart }: Props) {
  const [look, setLook] = useState<Look>('chart');
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const savePng = async () => {
    try {
      if (svg.current) saveFile(await chartToPng(svg.current, `${title}. ${sentence}`), `${file}.png`);
    } catch (error) {
      toastError(error, 'The picture was not made');
    }
  };
  return (
    <section className="sheet report-chart" aria-labelledby={id}>
      <div className="report-chart-head">
        <div className="headline">
          <h2 id={id}>{title}</h2>
          <p>{sentence}</p>
        </div>
        <div className="tools">
          {tools}
          <Segmented<Look>
            label={`View of ${title}`}
            value={look}
            onChange={setLook}
            options={[
              ['chart', 'Chart'],
              ['table', 'Table'],
            ]}
          />
          <SaveText text={() => toCSV(table)} name={`${file}.csv`} type="text/csv" label="CSV" of={title} />
          <SaveText
            text={() => `${JSON.stringify(data, null, 2)}\n`}
            name={`${file}.json`}
            type="application/json"
            label="JSON"
            of={title}
          />
          <Button
            aria-label={`PNG of ${title}`}
            reason={look === 'table' && 'Show the chart first'}
            onClick={() => void savePng()}
          >
            <Download size={14} aria-hidden />
            PNG
          </Button>
        </div>
      </div>
      {look === 'table' ? (
        <DataTable table={table} label={title} />
      ) : (
        <>
          {legend}
          {chart(svg)}
        </>
      )}
    </section>
  );
}

export function SaveText({
  text,
  name,
  type,
  label,
  of,
}: {
  text: () => string;
  name: string;
  type: string;
  label: string;
  of: string;
}) {
  return (
    <Button
      aria-label={`${label} of ${of}`}
      onClick={() => saveFile(new Blob([text()], { type: `${type};charset=utf-8` }), name)}
    >
      <Download size={14} aria-hidden />
      {label}
    </Button>
  );
}

function DataTable({ table, label }: { table: Table; label: string }) {
  return (
    <TableScroll label={`${label} as a table`}>
      <table className="data">
        <caption className="sr">{label}</caption>
        <thead>
          <tr>
            {table.columns.map((c) => (
              <th key={c.name} scope="col" className={c.num ? 'num' : undefined}>
                {c.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are what was measured, in order
            <tr key={r}>
              {row.map((cell, i) => {
                const column = table.columns[i];
                const text = cell === null ? '–' : typeof cell === 'number' ? num.format(cell) : cell;
                return i === 0 ? (
                  <th key={column?.name} scope="row" className="nowrap">
                    {text}
                  </th>
                ) : (
                  <td key={column?.name} className={column?.num ? 'num' : undefined}>
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
          {table.rows.length === 0 && (
            <tr>
              <td colSpan={table.columns.length} className="muted">
                Nothing yet.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </TableScroll>
  );
}
