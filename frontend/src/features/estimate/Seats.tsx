import type { EstimationRound, EstimationTable } from '../../api/schema';
import { cx } from '../../ui/cx';
import { Face } from './Cards';

interface Props {
  table: EstimationTable;
  round: EstimationRound;
  me: string | undefined;
}

interface Seat {
  id: string;
  name: string;
  watching: boolean;
}

/** Everybody at the table, and who voted without being there now. */
function seatsOf(table: EstimationTable, round: EstimationRound): Seat[] {
  const away = round.voted.filter((p) => !table.present.some((s) => s.id === p.id));
  return [...table.present, ...away.map((p) => ({ ...p, watching: false }))];
}

/** Who is there, each with a card: face down once they have voted, open after the reveal. */
export function Seats({ table, round, me }: Props) {
  const seats = seatsOf(table, round);
  if (seats.length === 0) return <p className="muted">Nobody has voted yet.</p>;
  return (
    <ul className="estimate-seats plain-list" aria-label="At the table">
      {seats.map((seat) => (
        <li key={seat.id}>
          <SeatCard seat={seat} round={round} />
          <span className="clip" title={seat.name}>
            {seat.id === me ? `${seat.name} (you)` : seat.name}
          </span>
        </li>
      ))}
    </ul>
  );
}

function SeatCard({ seat, round }: { seat: Seat; round: EstimationRound }) {
  const vote = round.votes.find((v) => v.person.id === seat.id)?.value;
  const voted = round.voted.some((p) => p.id === seat.id);
  if (vote !== undefined)
    return (
      <span className="estimate-card shown">
        <Face value={vote} />
      </span>
    );
  const text = voted ? 'has voted' : seat.watching ? 'watches' : 'has not voted';
  return (
    <span className={cx('estimate-card', voted ? 'down' : 'none')} title={text}>
      <span className="sr">{text}</span>
      {!voted && seat.watching && <span aria-hidden>·</span>}
    </span>
  );
}
