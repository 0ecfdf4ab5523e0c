import type { NewTeamRules, Status, TeamRules } from '../../api/schema';
import { parsePoints } from '../../lib/points';

/** The form of the ways of working: numbers that may be empty are text. */
export interface Ways {
  scale: { kind: TeamRules['scale']['kind']; values: { label: string; points: string }[] };
  columns: { status: Status; shown: boolean; limit: number }[];
  limits: TeamRules['limits'];
  person_limit: number;
  ready: TeamRules['ready'];
  done: TeamRules['done'];
  emergency_lane: boolean;
  emergency_points: number;
  reserve: string;
  age_days: number;
  standup_at: string;
}

/** The columns a board can have, in the order of work. */
export const boardColumns: readonly Status[] = [
  'ready',
  'in_progress',
  'testing',
  'awaiting_approval',
  'scheduled',
  'deployed',
  'verified',
];

/** No board is without these. */
export const alwaysShown: readonly Status[] = ['ready', 'in_progress', 'verified'];

export function waysOf(rules: TeamRules): Ways {
  const {
    scale,
    columns,
    reserve,
    limits,
    person_limit,
    ready,
    done,
    emergency_lane,
    emergency_points,
    age_days,
    standup_at,
  } = rules;
  return {
    scale: { kind: scale.kind, values: scale.values.map((v) => ({ label: v.label, points: String(v.points) })) },
    columns: boardColumns.map((status) => {
      const rule = columns.find((c) => c.status === status);
      return { status, shown: !!rule, limit: rule?.limit ?? 0 };
    }),
    limits,
    person_limit,
    ready,
    done,
    emergency_lane,
    emergency_points,
    reserve: reserve === null ? '' : String(Math.round(reserve * 100)),
    age_days,
    standup_at,
  };
}

export function bodyOf(ways: Ways): Omit<NewTeamRules, 'version'> {
  const share = ways.reserve.trim();
  return {
    ...ways,
    scale: {
      kind: ways.scale.kind,
      values:
        ways.scale.kind === 'own'
          ? ways.scale.values.map((v) => ({ label: v.label.trim(), points: parsePoints(v.points) ?? 0 }))
          : [],
    },
    columns: ways.columns.filter((c) => c.shown).map(({ status, limit }) => ({ status, limit: limit || 0 })),
    person_limit: ways.person_limit || 0,
    emergency_points: ways.emergency_points || 0,
    age_days: ways.age_days || 0,
    reserve: share === '' ? null : Number(share) / 100,
  };
}
