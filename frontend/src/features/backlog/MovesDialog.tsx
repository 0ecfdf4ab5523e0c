import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, call } from '../../api/client';
import type { ItemMove, Moves, MyTeam, Rebaseline } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { Kev } from '../../ui/atoms';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { toast, toastError } from '../../ui/toast';
import { causeText, movesText, sinceText } from './causes';
import { newsKeys } from './newsQueries';
import { PatchButton } from './PatchButton';

const heads: Record<ItemMove['kind'], string> = { moved: 'Moved', new: 'New', closed: 'Closed' };

/** What moved since one looked, each with its cause. */
export function MovesDialog({ team, moves, onClose }: { team: MyTeam; moves: Moves; onClose: () => void }) {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const seen = async () => {
    setBusy(true);
    try {
      const body = { until: moves.until };
      await call(api.POST('/teams/{team}/moves/seen', { params: { path: { team: team.key } }, body }));
      toast({ text: 'Marked as seen' });
      onClose();
    } catch (error) {
      toastError(error, 'The mark was not set');
    }
    setBusy(false);
    await client.invalidateQueries({ queryKey: newsKeys.moves(team.key) });
  };
  const since = sinceText(moves.since, team.time_zone);
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`Moved since ${since}`}
      description={moves.looked ? movesText(moves) : `${movesText(moves)}. You have not marked anything as seen yet.`}
    >
      {moves.rebaseline && <Base base={moves.rebaseline} onClose={onClose} />}
      {(['moved', 'new', 'closed'] as const).map((kind) => (
        <Group key={kind} kind={kind} moves={moves} onClose={onClose} />
      ))}
      <Actions>
        <Button onClick={onClose}>Close</Button>
        <Button variant="primary" busy={busy} onClick={() => void seen()}>
          Mark as seen
        </Button>
      </Actions>
    </Dialog>
  );
}

function Group({ kind, moves, onClose }: { kind: ItemMove['kind']; moves: Moves; onClose: () => void }) {
  const items = moves.items.filter((m) => m.kind === kind);
  if (items.length === 0) return null;
  const more = moves[kind] - items.length;
  return (
    <section className="news-group">
      <h3>{heads[kind]}</h3>
      <ul className="news-list">
        {items.map((m) => (
          <li key={m.key}>
            <PatchButton patchKey={m.key} onOpen={onClose} />
            <span className="grow news-what">
              <span className="clip">{m.title}</span>
              {kind === 'moved' && <small>{causeText(m)}</small>}
            </span>
            {m.kev && <Kev />}
            <Delta before={m.before} after={m.after} kind={kind} />
          </li>
        ))}
      </ul>
      {more > 0 && <p className="dialog-text">and {num.format(more)} more</p>}
    </section>
  );
}

function Delta({ before, after, kind }: { before: number; after: number; kind: ItemMove['kind'] }) {
  if (kind === 'new') return <span className="num">{after.toFixed(0)}</span>;
  if (kind === 'closed') return <span className="num">{before.toFixed(0)}</span>;
  const up = after > before;
  return (
    <span className="num" title={`Priority ${before} → ${after}`}>
      <b aria-hidden>{up ? '↑' : '↓'}</b> <span className="sr">{up ? 'rose' : 'fell'} from</span>
      {before.toFixed(0)} → {after.toFixed(0)}
    </span>
  );
}

const Base = ({ base: b, onClose }: { base: Rebaseline; onClose: () => void }) => (
  <section className="news-group">
    <h3>
      New EPSS model: {b.from} → {b.to}
    </h3>
    <p className="dialog-text">
      Every score is on a new base: {plural(b.up, 'priority', 'priorities')} rose, {num.format(b.down)} fell
      {b.kept > 0 && `, ${plural(b.kept, 'placed item')} kept beside the neighbours`}. The largest:
    </p>
    <ul className="news-list">
      {b.top.map((m) => (
        <li key={m.key}>
          <PatchButton patchKey={m.key} onOpen={onClose} />
          <span className="clip grow">{m.title}</span>
          <Delta before={m.before} after={m.after} kind="moved" />
        </li>
      ))}
    </ul>
  </section>
);
