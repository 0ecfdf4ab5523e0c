import { useQueryClient } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import { whoMay } from '../../api/queries';
import type { Window } from '../../api/schema';
import { Button } from '../../ui/Button';
import { Section } from '../../ui/Section';
import { toast, toastError } from '../../ui/toast';
import { calendarKeys } from './queries';
import { ruleText, spanText } from './words';

interface Props {
  team: string;
  zone: string;
  windows: Window[];
  mayPlan: boolean;
  onEdit: (window: Window) => void;
}

/** The windows and freezes with their next times. */
export function Windows({ team, zone, windows, mayPlan, onEdit }: Props) {
  return (
    <Section
      title="Maintenance windows and freezes"
      text="A proposal for a sprint leaves out what no window lets in; deploying does not count on freeze days."
    >
      {windows.length === 0 ? (
        <p className="field-hint">
          None yet: assets may be changed at any time. Add a window such as “third Tuesday 22:00–02:00”.
        </p>
      ) : (
        <ul className="plain-list window-list">
          {windows.map((w) => (
            <WindowRow key={w.id} team={team} zone={zone} window={w} mayPlan={mayPlan} onEdit={onEdit} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function WindowRow({ team, zone, window: w, mayPlan, onEdit }: Omit<Props, 'windows'> & { window: Window }) {
  const client = useQueryClient();
  const path = { team, id: w.id };
  const refresh = () => client.invalidateQueries({ queryKey: calendarKeys.all(team) });
  const remove = async () => {
    try {
      await call(api.DELETE('/teams/{team}/windows/{id}', { params: { path } }));
      const { kind, name, group_id, rule } = w;
      const undo = async () => {
        await call(
          api.POST('/teams/{team}/windows', { params: { path: { team } }, body: { kind, name, group_id, rule } }),
        );
        await refresh();
      };
      toast({ text: `${name} was removed`, undo });
    } catch (error) {
      toastError(error, `${w.name} was not removed`);
    }
    await refresh();
  };
  return (
    <li>
      <div className="window-text">
        <span className="window-name">
          <span className="badge soft" data-kind={w.kind}>
            {w.kind === 'freeze' ? 'Freeze' : 'Maintenance'}
          </span>
          <b>{w.name}</b>
          <span className="muted">{w.group_name || 'all assets'}</span>
        </span>
        <span>
          {ruleText(w.rule)} <span className="muted">{w.rule.time_zone.replaceAll('_', ' ')}</span>
        </span>
        <span className="muted">
          {w.next.length === 0 ? 'Does not come again' : `Next: ${w.next.map((s) => spanText(s, zone)).join(' · ')}`}
        </span>
      </div>
      <Button small reason={!mayPlan && whoMay.plan} onClick={() => onEdit(w)} aria-label={`Edit ${w.name}`}>
        Edit…
      </Button>
      <Button small reason={!mayPlan && whoMay.plan} onClick={() => void remove()} aria-label={`Remove ${w.name}`}>
        Remove
      </Button>
    </li>
  );
}
