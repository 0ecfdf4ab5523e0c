import { useQuery } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { Capacity, Sprint } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { dayText, num, plural } from '../../lib/format';
import { Button } from '../Button';
import { Actions, Dialog } from '../Dialog';
import { TeamLink } from '../links';
import { ErrorState, SkeletonRows } from '../states';
import { Figures } from './Figures';
import { sprintName } from './totals';
import './capacity.css';
import './proposal.css';

interface Props {
  team: string;
  sprint: Sprint;
  onClose: () => void;
}

/** Who is there in a sprint, how much of their time is the sprint's, and what they already have. */
export function CapacityDialog({ team, sprint, onClose }: Props) {
  const { data, error, refetch } = useQuery({
    queryKey: [...sprintKeys.detail(team, sprint.number), 'capacity'],
    queryFn: ({ signal }) =>
      call(api.GET('/teams/{team}/sprints/{n}/capacity', { params: { path: { team, n: sprint.number } }, signal })),
    staleTime: 0,
  });
  return (
    <Dialog open onClose={onClose} title={`Capacity of ${sprintName(sprint)}`} wide>
      {error && !data && (
        <ErrorState error={error} what="The capacity could not be loaded" retry={() => void refetch()} />
      )}
      {!data && !error && <SkeletonRows rows={5} label="Loading the capacity" />}
      {data && <Sums data={data} />}
      {data && <People data={data} />}
      <Actions>
        <TeamLink to="calendar" className="btn">
          Days off and hours
        </TeamLink>
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      </Actions>
    </Dialog>
  );
}

function Sums({ data: c }: { data: Capacity }) {
  const figures: [string, string][] = [
    [num.format(c.working_days), 'working days'],
    [num.format(c.person_days), 'person-days'],
    [`${num.format(Math.round(c.available_hours))} h`, 'for the sprint'],
    [`${num.format(Math.round(c.reserve_hours))} h`, `reserve, ${Math.round(c.reserve * 100)} %`],
    [c.points === null ? '–' : num.format(c.points), 'points by velocity'],
  ];
  const days = (list: string[]) => list.map(dayText).join(', ');
  return (
    <>
      <Figures of={figures} />
      <p className="muted">
        {num.format(Math.round(c.hours))} h are each person’s days × hours × focus; {reserveText(c)} is kept back for
        emergencies. {pointsText(c)}
      </p>
      {c.holidays.length > 0 && <p className="muted">Holidays: {days(c.holidays)}</p>}
      {c.freeze_days.length > 0 && (
        <p className="muted">
          Freeze on {days(c.freeze_days)}: {num.format(Math.round(c.deploy_hours))} h are left in which something may be
          deployed.
        </p>
      )}
      {c.activities.length > 0 && (
        <p className="muted">
          {c.activities.map((a) => `${a.activity} ${num.format(Math.round(a.hours))} h`).join(' · ')}
        </p>
      )}
    </>
  );
}

const reserveText = (c: Capacity) =>
  c.reserve_from === 'own'
    ? `the team’s own ${Math.round(c.reserve * 100)} %`
    : `${Math.round(c.reserve * 100)} %, the median share of emergencies in the last five sprints,`;

const pointsText = (c: Capacity) =>
  c.points === null
    ? 'Points are known once three sprints have closed.'
    : 'The points are the mean of the last sprints, for the person-days of this one where those of the last are known; each person’s part is by their hours.';

/** One bar a person: assigned points against their share of the sprint's. */
function People({ data: c }: { data: Capacity }) {
  if (c.people.length === 0) return <p className="muted">Nobody works in this team yet.</p>;
  const most = Math.max(1, ...c.people.map((p) => Math.max(p.points, p.share ?? 0)));
  return (
    <ul className="people-bars" aria-label="Capacity by person">
      {c.people.map((p) => {
        const over = p.share !== null && p.points > p.share;
        const text = `${num.format(p.points)}${p.share === null ? '' : ` of ${num.format(p.share)}`} points`;
        return (
          <li key={p.user.id}>
            <span className="clip">{p.user.name}</span>
            <span className="capacity-bar" role="img" aria-label={text} data-over={over || undefined}>
              <i style={{ width: `${(p.points / most) * 100}%` }} />
              {p.share !== null && <b style={{ left: `${(p.share / most) * 100}%` }} />}
            </span>
            <span className="capacity-text">
              {text} · {plural(p.days, 'day')}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
