import type { Card } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { MenuButton, type MenuEntry } from '../../ui/Menu';

interface Props {
  cards: Card[];
  entries: () => MenuEntry[];
  onClear: () => void;
}

/** What to do with the selected cards; in place of the help line, so that nothing moves when it comes. */
export function CardSelectionBar({ cards, entries, onClear }: Props) {
  const points = cards.reduce((sum, c) => sum + (c.points ?? 0), 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: these buttons belong together but are no form
    <div className="card-selection" role="group" aria-label="Selected cards">
      <b>{plural(cards.length, 'card')}</b>
      <span className="muted">{num.format(points)} pts</span>
      <MenuButton label="Move the selected cards" className="btn primary small" entries={entries} align="start">
        {`Move ${plural(cards.length, 'card')} to…`}
      </MenuButton>
      <Button small variant="ghost" title="Escape" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
