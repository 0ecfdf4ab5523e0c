import { useState } from 'react';
import type { EstimationItem, EstimationRound, EstimationTable } from '../../api/schema';
import { useShortcuts } from '../../app/shortcuts';
import { dateTime } from '../../lib/format';
import { Button } from '../../ui/Button';
import { PatchLink } from '../../ui/links';
import { Cards } from './Cards';
import { nextKey } from './cards';
import { Final } from './Final';
import { Result } from './Result';
import { Seats } from './Seats';
import type { TableActions } from './useTable';

interface Props {
  table: EstimationTable;
  item: EstimationItem;
  me: string | undefined;
  zone: string;
  votes: boolean;
  leads: boolean;
  actions: TableActions;
  onNext: (key: string) => void;
}

/** The latest round of a patch: cards to vote with, who has voted, and what came of it. */
export function RoundView(props: Props) {
  const { item, table, zone } = props;
  const round = item.rounds.at(-1);
  return (
    <section className="estimate-round" aria-labelledby="estimated">
      <h2 id="estimated">
        <PatchLink patchKey={item.key} /> {item.title}
      </h2>
      {round ? (
        <Open {...props} round={round} />
      ) : (
        <p className="muted">{table.closed_at ? 'No round was held.' : 'Its round begins when it is its turn.'}</p>
      )}
      <Earlier rounds={item.rounds.slice(0, -1)} zone={zone} />
    </section>
  );
}

function Open({ table, item, me, zone, votes, leads, actions, onNext, round }: Props & { round: EstimationRound }) {
  const at = { key: item.key, round: round.round };
  const voting = round.state === 'voting';
  const next = nextKey(table, item.key);
  const goOn = leads || table.mode === 'async' ? next : undefined;
  const empty = round.voted.length === 0 && 'Nobody has voted yet';
  useShortcuts([
    {
      keys: 'r',
      label: 'Reveal the votes',
      group: 'Estimation',
      run: () => leads && voting && !empty && actions.reveal(at),
    },
    { keys: 'n', label: 'The next patch', group: 'Estimation', run: () => goOn && onNext(goOn) },
  ]);
  return (
    <>
      <p className="muted">
        Round {round.round}
        {round.deadline && voting && `, votes until ${dateTime(round.deadline, zone)}`}
        {revealText(round)}
      </p>
      {voting && votes && <Cards round={round} onVote={(value) => actions.vote(at, value)} />}
      <Seats table={table} round={round} me={me} />
      {round.state === 'revealed' && <Result round={round} />}
      {round.state === 'revealed' && leads && (
        <Final key={`${round.round}`} item={item} round={round} actions={actions} />
      )}
      {round.final && (
        <p className="estimate-final">
          <b>{round.final.points} points</b>, set by {round.final.by} after round {round.round}
        </p>
      )}
      <div className="estimate-steps">
        {leads && voting && (
          <Button variant="primary" reason={empty} busy={actions.busy} onClick={() => actions.reveal(at)}>
            Reveal
          </Button>
        )}
        {leads && round.state === 'revealed' && (
          <Button busy={actions.busy} onClick={() => actions.again(at)}>
            Vote again
          </Button>
        )}
        {goOn && (
          <Button variant={round.final ? 'primary' : 'plain'} onClick={() => onNext(goOn)}>
            Next: {goOn}
          </Button>
        )}
      </div>
    </>
  );
}

function revealText(round: EstimationRound): string {
  if (round.state === 'abandoned') return ', closed without a reveal';
  if (round.state === 'voting') return '';
  if (round.revealed_why === 'everybody') return ', revealed as everybody had voted';
  if (round.revealed_why === 'deadline') return ', revealed at the deadline';
  return `, revealed by ${round.revealed_by}`;
}

function Earlier({ rounds, zone }: { rounds: readonly EstimationRound[]; zone: string }) {
  const [open, setOpen] = useState(false);
  if (rounds.length === 0) return null;
  return (
    <details className="estimate-earlier" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>Earlier rounds ({rounds.length})</summary>
      {open &&
        rounds.toReversed().map((r) => (
          <div key={r.round}>
            <h3>
              Round {r.round}, {r.revealed_at && dateTime(r.revealed_at, zone)}
            </h3>
            <p>{r.votes.map((v) => `${v.person.name}: ${v.value}`).join(', ')}</p>
            <Result round={r} />
          </div>
        ))}
    </details>
  );
}
