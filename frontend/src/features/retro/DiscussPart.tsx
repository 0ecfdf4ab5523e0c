import { useState } from 'react';
import { usePauseLive } from '../../api/live';
import type { RetroGroup } from '../../api/schema';
import { plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import { LessonDialog } from '../../ui/patch/LessonDialog';
import { toast } from '../../ui/toast';
import { cardsOf, groupName } from './phases';
import { updateGroup } from './queries';
import type { Room } from './useRetro';

/** One group at a time; everybody sees the same one. */
export function DiscussPart({ room }: { room: Room }) {
  const { retro, mayLead } = room;
  const at = retro.groups.findIndex((g) => g.id === retro.discussing_id);
  const now = retro.groups[at];
  const go = (g: RetroGroup) => void room.lead({ discussing_id: g.id, minutes: 5 });
  const next = retro.groups[at + 1];
  return (
    <div className="retro-discuss">
      <nav className="sheet retro-part" aria-label="Groups by votes">
        <h2>By votes</h2>
        <ol className="plain-list">
          {retro.groups.map((g) => (
            <li key={g.id} aria-current={g.id === now?.id || undefined}>
              <span>{groupName(retro, g)}</span>
              <span className="badge count">{plural(g.votes, 'vote')}</span>
              {mayLead && g.id !== now?.id && (
                <Button small aria-label={`Talk about ${groupName(retro, g)}`} onClick={() => go(g)}>
                  Talk
                </Button>
              )}
            </li>
          ))}
        </ol>
      </nav>
      {now && (
        <section className="sheet retro-part" aria-labelledby="retro-now">
          <h2 id="retro-now">{groupName(retro, now)}</h2>
          <ul className="plain-list">
            {cardsOf(retro, now).map((c) => (
              <li key={c.id} className="retro-card">
                <p>{c.text}</p>
                <small className="muted">
                  {retro.columns[c.column]}
                  {c.author && ` · ${c.author}`}
                </small>
              </li>
            ))}
          </ul>
          <Notes key={now.id} room={room} group={now} />
          {mayLead && next && (
            <div>
              <Button onClick={() => go(next)}>Next: {groupName(retro, next)}</Button>
            </div>
          )}
        </section>
      )}
    </div>
  );
}

function Notes({ room, group }: { room: Room; group: RetroGroup }) {
  const [draft, setDraft] = useState<{ text: string; version: number } | null>(null);
  const [lesson, setLesson] = useState(false);
  usePauseLive(draft !== null);
  const text = draft?.text ?? group.note;
  const save = async () => {
    if (!draft) return;
    const body = { note: draft.text, version: draft.version };
    if (!(await room.run(() => updateGroup(room.place, group.id, body), 'The note was not saved'))) return;
    setDraft(null);
    toast({ text: 'The note is saved' });
  };
  return (
    <>
      <Field label="Notes">
        <Textarea
          rows={4}
          maxLength={4000}
          readOnly={!room.mayWork}
          value={text}
          onChange={(e) => setDraft({ text: e.target.value, version: draft?.version ?? group.version })}
        />
      </Field>
      <span className="retro-buttons">
        <Button variant="primary" reason={!draft && 'Nothing has changed'} onClick={() => void save()}>
          Save the note
        </Button>
        <Button reason={!room.mayWork && 'Viewers cannot do this'} onClick={() => setLesson(true)}>
          Keep as a lesson…
        </Button>
      </span>
      {lesson && (
        <LessonDialog
          team={room.place.team}
          start={{ text }}
          from={{ sprint: room.place.n }}
          onClose={() => setLesson(false)}
        />
      )}
    </>
  );
}
