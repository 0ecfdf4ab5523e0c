import type { Card } from '../../api/schema';

/** Suggestions of a field for keys. */
export const CardOptions = ({ id, cards }: { id: string; cards: readonly Card[] }) => (
  <datalist id={id}>
    {cards.map((c) => (
      <option key={c.key} value={c.key}>
        {c.title}
      </option>
    ))}
  </datalist>
);
