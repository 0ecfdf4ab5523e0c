import { Coffee } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import type { EstimationRound } from '../../api/schema';
import { useShortcuts } from '../../app/shortcuts';
import { cardAt, cardName, cardsOf, coffee } from './cards';

interface Props {
  round: EstimationRound;
  onVote: (value: string | null) => void;
}

const steps: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** The cards of a round: a press votes, another press on the same takes the vote back. Arrows move, Enter votes. */
export function Cards({ round, onVote }: Props) {
  const group = useRef<HTMLDivElement>(null);
  const cards = cardsOf(round);
  const mine = round.mine;
  useShortcuts([
    {
      keys: digits,
      label: 'Vote with this card',
      group: 'Estimation',
      keysOnly: true,
      run: (event) => {
        const card = cardAt(event.key, cards);
        if (card !== undefined) onVote(card);
      },
    },
  ]);
  const key = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const all = [...(group.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  const stop = mine !== null && cards.includes(mine) ? mine : cards[0];
  return (
    <div ref={group} className="estimate-cards" role="toolbar" aria-label="Your vote" onKeyDown={key}>
      {cards.map((card) => (
        <button
          key={card}
          type="button"
          className="estimate-card"
          aria-pressed={card === mine}
          aria-label={cardName(card)}
          title={card === mine ? 'Your vote; press again to take it back' : cardName(card)}
          tabIndex={card === stop ? 0 : -1}
          onClick={() => onVote(card === mine ? null : card)}
        >
          <Face value={card} />
        </button>
      ))}
    </div>
  );
}

/** What a card shows. */
export const Face = ({ value }: { value: string }) =>
  value === coffee ? (
    <>
      <Coffee size={20} aria-hidden />
      <span className="sr">Coffee break</span>
    </>
  ) : (
    value
  );
