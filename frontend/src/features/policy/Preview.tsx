import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PolicyPreview, PolicyTrial } from '../../api/schema';
import { longDate, num, plural } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Actions, Dialog } from '../../ui/Dialog';
import { ErrorState, SkeletonRows } from '../../ui/states';
import { TableHead } from '../../ui/TableHead';
import { TableScroll } from '../../ui/TableScroll';
import { toastError } from '../../ui/toast';
import { previewQuery } from './queries';

interface DialogProps {
  title: string;
  action: string;
  team: string;
  zone: string;
  trial: PolicyTrial;
  onClose: () => void;
  apply: () => Promise<unknown>;
}

/** What a change would do, before it is applied. */
export function PreviewDialog({ title, onClose, ...rest }: DialogProps) {
  return (
    <Dialog open wide onClose={onClose} title={title} description="Nothing has changed yet.">
      <Preview {...rest} onBack={onClose} back="Cancel" onApplied={onClose} />
    </Dialog>
  );
}

interface Props extends Omit<DialogProps, 'title' | 'onClose'> {
  back: string;
  onBack: () => void;
  onApplied: () => void;
}

export function Preview({ team, zone, trial, action, back, onBack, apply, onApplied }: Props) {
  const { data, error, refetch } = useQuery(previewQuery(team, trial));
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await apply();
      onApplied();
    } catch (problem) {
      toastError(problem, 'The policy was not changed');
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error ? (
        <ErrorState error={error} what="The change could not be tried" retry={() => void refetch()} />
      ) : data ? (
        <Outcome preview={data} zone={zone} />
      ) : (
        <SkeletonRows rows={4} label="Trying it on every open patch" />
      )}
      <Actions>
        <Button onClick={onBack}>{back}</Button>
        <Button
          variant="primary"
          busy={busy}
          reason={!data && 'See first what would change'}
          onClick={() => void run()}
        >
          {action}
        </Button>
      </Actions>
    </>
  );
}

function Outcome({ preview: p, zone }: { preview: PolicyPreview; zone: string }) {
  const day = (at: string | null) => (at ? longDate(at, zone) : 'none');
  const parts = [
    p.earlier && `${num.format(p.earlier)} earlier`,
    p.later && `${num.format(p.later)} later`,
    p.gained && `${num.format(p.gained)} get a date`,
    p.lost && `${num.format(p.lost)} lose theirs`,
  ].filter(Boolean);
  return (
    <div className="policy-preview" role="status">
      <p>
        <b>{`${num.format(p.changed)} of ${plural(p.open, 'open patch', 'open patches')} would change`}</b>
        {parts.length > 0 && `: ${parts.join(', ')}`}.
        {p.breach > 0 && <strong className="policy-breach"> {num.format(p.breach)} would be overdue at once.</strong>}
      </p>
      {p.rows.length > 0 && (
        <TableScroll label="Patches that would change">
          <table className="data">
            <TableHead columns={['Patch', 'Due now', 'Due then', 'By']} />
            <tbody>
              {p.rows.map((r) => (
                <tr key={r.key}>
                  <td>
                    <b className="nowrap">{r.key}</b> {r.title}
                  </td>
                  <td className="nowrap">{day(r.before)}</td>
                  <td className="nowrap">
                    {day(r.after)}
                    {r.breach && <span className="badge kev">overdue</span>}
                  </td>
                  <td>{r.policy_after || '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
      {p.changed > p.rows.length && <p className="muted">The first {p.rows.length} are shown.</p>}
    </div>
  );
}
