import { useQuery } from '@tanstack/react-query';
import { flowQuery } from '../../api/sprints';
import { useUrlState } from '../../app/url';
import { CycleChart } from '../../charts/CycleChart';
import { FlowChart } from '../../charts/FlowChart';
import { bandCounts } from '../../lib/flow';
import { dateTime, num, plural } from '../../lib/format';
import { Segmented } from '../../ui/Segmented';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { ChartSheet } from './ChartSheet';

const spans = ['14', '60', '180'] as const;
type Span = (typeof spans)[number];

function useFlow(team: string) {
  const [url, change] = useUrlState();
  const span: Span = spans.find((s) => s === url.days) ?? '60';
  const query = useQuery(flowQuery(team, Number(span)));
  const picker = (of: string) => (
    <Segmented<Span>
      label={`Days of ${of}`}
      value={span}
      onChange={(v) => change({ days: v === '60' ? undefined : v })}
      options={spans.map((s) => [s, `${s} d`] as const)}
    />
  );
  return { ...query, picker, span, url, change };
}

/** Cumulative flow: where work piles up. */
export function FlowReport({ team }: { team: string }) {
  const { data, error, refetch, picker, span, url, change } = useFlow(team);
  if (error && !data)
    return <ErrorState error={error} what="The flow could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the flow" />;
  const withBacklog = url.backlog === 'yes';
  const counts = bandCounts(data.days, withBacklog);
  const last = (id: string) => counts.find((c) => c.id === id)?.values.at(-1) ?? 0;
  const under = counts
    .filter((c) => c.id !== 'done' && c.id !== 'waiting')
    .reduce((n, c) => n + (c.values.at(-1) ?? 0), 0);
  const sentence = `${plural(under, 'item')} under way today; ${num.format(last('done'))} done in ${span} days.`;
  return (
    <ChartSheet
      title="Cumulative flow"
      sentence={sentence}
      file={`${team}-flow`}
      data={data.days}
      table={{
        columns: [{ name: 'Day' }, ...counts.map((c) => ({ name: c.label, num: true }))],
        rows: data.days.map((d, i) => [d.day, ...counts.map((c) => c.values[i] ?? 0)]),
      }}
      tools={
        <>
          <Segmented<'work' | 'all'>
            label="Items in the flow"
            value={withBacklog ? 'all' : 'work'}
            onChange={(v) => change({ backlog: v === 'all' ? 'yes' : undefined })}
            options={[
              ['work', 'Work'],
              ['all', 'With backlog'],
            ]}
          />
          {picker('the flow')}
        </>
      }
      legend={
        <ul className="legend">
          {counts.map((c) => (
            <li key={c.id} data-swatch={c.id}>
              {c.label}
            </li>
          ))}
        </ul>
      }
      chart={(svg) => <FlowChart days={data.days} withBacklog={withBacklog} summary={sentence} svg={svg} />}
    />
  );
}

/** How long an item takes from the begin of its work, blocked time included. */
export function CycleReport({ team, zone }: { team: string; zone: string }) {
  const { data, error, refetch, picker } = useFlow(team);
  if (error && !data)
    return <ErrorState error={error} what="The cycle times could not be loaded" retry={() => void refetch()} />;
  if (!data) return <SkeletonRows rows={5} label="Loading the cycle times" />;
  const days = (n: number) => plural(Math.round(n * 10) / 10, 'day');
  const blocked = data.cycles.filter((c) => c.blocked_days > 0).length;
  const sentence =
    data.cycles.length === 0
      ? 'Nothing was finished in these days.'
      : `Of ${plural(data.cycles.length, 'finished item')}, 50 % took at most ${days(data.p50)}, 85 % at most ${days(data.p85)}, 95 % at most ${days(data.p95)}; ${num.format(blocked)} had been blocked.`;
  return (
    <ChartSheet
      title="Cycle time"
      sentence={sentence}
      file={`${team}-cycle-time`}
      data={{ cycles: data.cycles, p50: data.p50, p85: data.p85, p95: data.p95 }}
      table={{
        columns: [
          { name: 'Item' },
          { name: 'Title' },
          { name: 'Started' },
          { name: 'Done' },
          { name: 'Days', num: true },
          { name: 'Blocked days', num: true },
          { name: 'Points', num: true },
        ],
        rows: data.cycles.map((c) => [
          c.key,
          c.title,
          dateTime(c.started_at, zone),
          dateTime(c.done_at, zone),
          c.days,
          c.blocked_days,
          c.points,
        ]),
      }}
      tools={picker('the cycle times')}
      legend={
        <ul className="legend">
          <li data-line="completed">A finished item</li>
          <li data-swatch="blocked">Blocked of that</li>
          <li data-line="guideline">50, 85 and 95 %</li>
        </ul>
      }
      chart={(svg) => (
        <CycleChart
          cycles={data.cycles}
          percentiles={[
            { name: '50 %', days: data.p50 },
            { name: '85 %', days: data.p85 },
            { name: '95 %', days: data.p95 },
          ]}
          summary={sentence}
          svg={svg}
        />
      )}
    />
  );
}
