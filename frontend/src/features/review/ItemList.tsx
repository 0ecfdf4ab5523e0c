import { useState } from 'react';
import { followUp, judgeItem } from '../../api/reviews';
import type { ReviewItem, ReviewState } from '../../api/schema';
import { longDate, plural } from '../../lib/format';
import { detailText } from '../../lib/ledger';
import { Button } from '../../ui/Button';
import { PatchLink } from '../../ui/links';
import { LessonDialog } from '../../ui/patch/LessonDialog';
import { toast } from '../../ui/toast';
import { RefuseDialog } from './RefuseDialog';
import type { Room } from './useReview';
import { evidenceText, stateTitle } from './words';

/** The items of one state, with evidence; of the done ones, what the product owner says. */
export function ItemList({ room, state }: { room: Room; state: ReviewState }) {
  const items = room.review.items.filter((i) => i.state === state);
  if (items.length === 0) return null;
  return (
    <section className="sheet review-part" aria-labelledby={`review-${state}`}>
      <h2 id={`review-${state}`}>
        {stateTitle[state]} <span className="badge count">{items.length}</span>
      </h2>
      <ul className="review-list">
        {items.map((i) => (
          <Item key={i.key} room={room} item={i} />
        ))}
      </ul>
    </section>
  );
}

function Item({ room, item }: { room: Room; item: ReviewItem }) {
  const [lesson, setLesson] = useState(false);
  const facts = evidenceText(item.evidence, room.zone);
  return (
    <li className="review-item">
      <div className="review-what">
        <p>
          <PatchLink patchKey={item.key} /> {item.title}
        </p>
        <p className="muted">{endText(item, room.zone)}</p>
        {item.note && (
          <p className="review-note">
            “{item.note}”{' '}
            {room.mayWork && (
              <Button small variant="ghost" onClick={() => setLesson(true)}>
                Keep as a lesson…
              </Button>
            )}
          </p>
        )}
        <p className="review-evidence" data-confirmed={item.evidence.confirmed || undefined}>
          {item.evidence.confirmed && <b>Confirmed by a scan. </b>}
          {facts.length > 0
            ? `Evidence: ${facts.join(' · ')}`
            : item.state === 'done' && 'No scan, comment or file speaks for it.'}
        </p>
      </div>
      {item.state === 'done' && <Acceptance room={room} item={item} />}
      {lesson && (
        <LessonDialog
          team={room.team}
          start={{ text: item.note }}
          from={{ key: item.key, sprint: room.n }}
          onClose={() => setLesson(false)}
        />
      )}
    </li>
  );
}

function endText(i: ReviewItem, zone: string): string {
  const did = i.state === 'dropped' ? 'dropped' : 'verified';
  const when = i.ended_at && `${did} ${longDate(i.ended_at, zone)}${i.by && ` by ${i.by}`}`;
  const times = i.times > 1 && `carried over ${i.times} times`;
  return [plural(i.points, 'point'), detailText(i.drop_reason), when, times].filter(Boolean).join(' · ');
}

function Acceptance({ room, item }: { room: Room; item: ReviewItem }) {
  const [refusing, setRefusing] = useState(false);
  const { team, n, run } = room;
  const v = item.verdict;
  const accept = () =>
    run(
      () => judgeItem(team, n, item.key, { accepted: true, feedback: '', version: v?.version ?? 0 }),
      `${item.key} was not accepted`,
    );
  const follow = async () => {
    if (await run(() => followUp(team, n, item.key), 'The follow-up was not made'))
      toast({ text: `A follow-up of ${item.key} is in the backlog` });
  };
  return (
    <div className="review-verdict">
      <p>
        {v ? (
          <>
            <b data-accepted={v.accepted}>{v.accepted ? 'Accepted' : 'Not accepted'}</b>{' '}
            <span className="muted">
              {v.by}, {longDate(v.at, room.zone)}
            </span>
          </>
        ) : (
          <span className="muted">Not judged yet</span>
        )}
      </p>
      {v?.feedback && <p className="review-note">{v.feedback}</p>}
      {v?.follow_up && (
        <p>
          Follow-up: <PatchLink patchKey={v.follow_up} />
        </p>
      )}
      {room.open && (
        <div className="review-buttons">
          {room.mayJudge && !v?.accepted && (
            <Button small variant={v ? 'plain' : 'primary'} onClick={() => void accept()}>
              Accept<span className="sr"> {item.key}</span>
            </Button>
          )}
          {room.mayJudge && (
            <Button small onClick={() => setRefusing(true)}>
              {v && !v.accepted ? 'Change feedback…' : 'Not accepted…'}
              <span className="sr"> {item.key}</span>
            </Button>
          )}
          {room.mayWork && v && !v.accepted && !v.follow_up && (
            <Button small onClick={() => void follow()}>
              Follow up in the backlog<span className="sr"> {item.key}</span>
            </Button>
          )}
        </div>
      )}
      {refusing && <RefuseDialog room={room} item={item} onClose={() => setRefusing(false)} />}
    </div>
  );
}
