import { num } from '../../lib/format';
import './capacity.css';

interface Props {
  points: number;
  velocity: number | null;
  /** Points that a drop here would add. */
  extra?: number | undefined;
}

/** The points of a sprint against what the team usually completes. */
export function Capacity({ points, velocity, extra = 0 }: Props) {
  if (velocity === null) {
    return <p className="capacity-text">Not enough sprints yet to compare with: velocity needs three closed ones.</p>;
  }
  const total = points + extra;
  const scale = 100 / Math.max(velocity, total, 1);
  const text = `${num.format(total)} of ${num.format(round(velocity))} points, the mean of the last sprints`;
  return (
    <div className="capacity">
      <span
        className="capacity-bar"
        role="img"
        aria-label={text}
        title={text}
        data-over={total > velocity || undefined}
      >
        <i style={{ width: `${Math.min(points, total) * scale}%` }} />
        {extra > 0 && <i data-extra style={{ left: `${points * scale}%`, width: `${extra * scale}%` }} />}
        <b style={{ left: `${velocity * scale}%` }} />
      </span>
      <span className="capacity-text">
        {num.format(total)} of {num.format(round(velocity))} pts
        {total > velocity
          ? `, ${num.format(round(total - velocity))} over`
          : `, ${num.format(round(velocity - total))} free`}
      </span>
    </div>
  );
}

const round = (v: number) => Math.round(v * 2) / 2;
