import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { problemText } from '../../api/problem';
import type { Forecast } from '../../api/schema';
import { forecastUntilQuery } from '../../api/sprints';
import { useUrlState } from '../../app/url';
import { ForecastBars } from '../../charts/ForecastBars';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { ChartSheet } from './ChartSheet';

/** "1, 0.5" as capacities; what is no number is left out. */
export const capacities = (text: string | undefined): number[] =>
  (text ?? '')
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number)
    .filter((n) => Number.isFinite(n) && n >= 0 && n <= 100)
    .slice(0, 104);

/** When the backlog will be done, all of it or down to one item. */
export function ForecastReport({ team }: { team: string }) {
  const [url, change] = useUrlState();
  const through = (url.through ?? '').toUpperCase();
  const capacity = capacities(url.capacity);
  const query = useQuery({ ...forecastUntilQuery(team, through, capacity), placeholderData: keepPreviousData });
  const { data, error } = query;
  const ask = <Ask key={`${through} ${url.capacity}`} through={through} capacity={url.capacity ?? ''} onAsk={change} />;
  if (error)
    return (
      <section className="sheet report-chart" aria-label="Forecast">
        {ask}
        <ErrorState error={error} what={problemText(error)} retry={() => void query.refetch()} />
      </section>
    );
  if (!data) return <SkeletonRows rows={5} label="Loading the forecast" />;
  const sentence = forecastText(data, through);
  return (
    <ChartSheet
      title="Forecast"
      sentence={sentence}
      file={`${team}-forecast`}
      data={data}
      table={{
        columns: [{ name: 'Sprints' }, { name: 'Done by then, %', num: true }],
        rows: data.p_done_within_n.map((p, i) => [plural(i + 1, 'sprint'), Math.round(p * 1000) / 10]),
      }}
      legend={
        <>
          {ask}
          <ul className="legend">
            <li data-line="completed">Chance to be done after so many sprints, %</li>
            <li data-line="guideline">50, 70, 85 and 95 %</li>
          </ul>
        </>
      }
      chart={(svg) => (
        <ForecastBars chances={data.p_done_within_n} percentiles={[50, 70, 85, 95]} summary={sentence} svg={svg} />
      )}
    />
  );
}

export function forecastText(f: Forecast, through: string): string {
  const what = `${plural(f.remaining, 'point')} ${through ? `down to ${through}` : 'in the backlog'}`;
  const open = f.unestimated > 0 ? ` ${plural(f.unestimated, 'item')} without an estimate count 0.` : '';
  if (!f.enough) return `Not enough sprints yet: a forecast needs three closed ones. ${what}.${open}`;
  if (f.remaining === 0) return `${what}, so nothing is left to do.${open}`;
  const chances = new Map(['50', '70', '85', '95'].map((p) => [f.percentile_sprints[p], p])); // the best of each number
  const parts = [...chances].map(
    ([n, p]) => `${p}\u00a0% ${n === undefined ? 'in more than four years' : `within ${n}`}`,
  );
  return `${what}. Chance to be done after so many sprints: ${parts.join(', ')}.${open}`;
}

function Ask({
  through,
  capacity,
  onAsk,
}: {
  through: string;
  capacity: string;
  onAsk: (url: { through: string | undefined; capacity: string | undefined }) => void;
}) {
  const [item, setItem] = useState(through);
  const [share, setShare] = useState(capacity);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    onAsk({ through: item.trim() || undefined, capacity: share.trim() || undefined });
  };
  return (
    <form className="forecast-ask" onSubmit={submit}>
      <label>
        Down to item
        <input className="control" value={item} placeholder="all" onChange={(e) => setItem(e.target.value)} />
      </label>
      <label>
        Capacity of the next sprints
        <input className="control" value={share} placeholder="1, 1, 0.5" onChange={(e) => setShare(e.target.value)} />
      </label>
      <Button type="submit">Forecast</Button>
      {(through || capacity) && (
        <Button onClick={() => onAsk({ through: undefined, capacity: undefined })}>Whole backlog</Button>
      )}
    </form>
  );
}
