import { inTimeText, useOnTime } from './onTime';

/** The chance that a patch is done before its due date, at the pace of the last sprints. */
export function InTime({ team, patchKey }: { team: string; patchKey: string }) {
  const { data: item } = useOnTime(team, patchKey);
  if (!item || item.p_on_time === null) return null;
  return (
    <section className="patch-section">
      <h3>Chance to be in time</h3>
      <p>{inTimeText(item, item.p_on_time)}</p>
    </section>
  );
}
