import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/Button';
import { CopyField } from '../../ui/CopyField';
import { Field, Input } from '../../ui/Field';
import type { Room } from './useRetro';

/** Where one's ticket of an anonymous retrospective is, and how it gets from one browser to another. */
export function TicketNotice({ room }: { room: Room }) {
  const { retro, place } = room;
  const [code, setCode] = useState('');
  if (!retro.anonymous || retro.phase === 'closed' || !room.mayWork) return null;
  if (retro.ticket_known)
    return (
      <details className="sheet retro-ticket">
        <summary>Your ticket is in this browser</summary>
        <p className="muted">
          It tells your cards and votes from those of others, and only you have it. To go on in another browser, take
          its code along.
        </p>
        <CopyField label="Code of your ticket" value={place.ticket} />
      </details>
    );
  if (!retro.ticket_taken)
    return (
      <p className="sheet retro-ticket muted">
        This retrospective is anonymous: nothing leads from a card or a vote to its author. With your first card or vote
        this browser gets a ticket that lets you change them.
      </p>
    );
  const take = (e: FormEvent) => {
    e.preventDefault();
    if (code.trim()) room.bringTicket(code.trim());
  };
  return (
    <form className="sheet retro-ticket" onSubmit={take}>
      <p>
        Your ticket is in another browser. You can still write cards here, but neither change them nor vote. Go on
        there, or take its code from there.
      </p>
      <Field label="Code of your ticket" error={place.ticket ? 'This is no ticket of this retrospective.' : undefined}>
        <Input value={code} maxLength={200} autoComplete="off" onChange={(e) => setCode(e.target.value)} />
      </Field>
      <Button type="submit">Use it here</Button>
    </form>
  );
}
