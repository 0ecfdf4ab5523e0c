import type { ReactNode } from 'react';
import type { EstimationItem, EstimationTable } from '../../api/schema';
import { cx } from '../../ui/cx';

interface Props {
  table: EstimationTable;
  shown: string | undefined;
  /** This person may choose what is shown: on a live table that is its leader. */
  mayTurn: boolean;
  onShow: (key: string) => void;
  children: ReactNode;
}

/** The patches to estimate, in order, with how far each is. */
export const Queue = ({ table, shown, mayTurn, onShow, children }: Props) => (
  <nav className="estimate-queue panel" aria-label="Queue">
    <ol className="plain-list">
      {table.queue.map((item) => (
        <li key={item.key} className={cx(item.key === shown && 'on')}>
          {mayTurn ? (
            <button type="button" aria-current={item.key === shown || undefined} onClick={() => onShow(item.key)}>
              <Line item={item} />
            </button>
          ) : (
            <div aria-current={item.key === shown || undefined}>
              <Line item={item} />
            </div>
          )}
        </li>
      ))}
    </ol>
    {children}
  </nav>
);

const Line = ({ item }: { item: EstimationItem }) => (
  <>
    <span className="estimate-key">
      {item.key}
      <span className="estimate-state">{stateText(item)}</span>
    </span>
    <span className="clip">{item.title}</span>
  </>
);

function stateText(item: EstimationItem): string {
  const final = item.rounds.findLast((r) => r.final)?.final;
  if (final) return `${final.points} pts`;
  const round = item.rounds.at(-1);
  if (!round || round.state === 'abandoned') return '';
  return round.state === 'revealed' ? 'revealed' : `${round.voted.length} voted`;
}
