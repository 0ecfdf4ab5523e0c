import type { Retro, RetroCard, RetroGroup, RetroPhase } from '../../api/schema';

export const phases: readonly RetroPhase[] = ['facts', 'collect', 'group', 'vote', 'discuss', 'actions', 'closed'];

export const phaseLabel: Record<RetroPhase, string> = {
  facts: 'Facts',
  collect: 'Collect',
  group: 'Group',
  vote: 'Vote',
  discuss: 'Discuss',
  actions: 'Actions',
  closed: 'Closed',
};

export const formatLabel = {
  went_well: 'Went well, to improve',
  start_stop: 'Start, stop, continue',
  four_ls: '4Ls: liked, learned, lacked, longed for',
  own: 'Own columns',
} as const;

/** The phase after this one; none after the last. */
export const nextPhase = (phase: RetroPhase): RetroPhase | undefined => phases[phases.indexOf(phase) + 1];

/** Cards can be written: already while the facts are looked at. */
export const collecting = (phase: RetroPhase): boolean => phase === 'facts' || phase === 'collect';

/** "4:05", and "0:00" once it is over. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const cardsOf = (retro: Pick<Retro, 'cards'>, group: Pick<RetroGroup, 'id'>): RetroCard[] =>
  retro.cards.filter((c) => c.group_id === group.id);

/** A group without a name is called as its first card. */
export function groupName(retro: Pick<Retro, 'cards'>, group: Pick<RetroGroup, 'id' | 'name'>): string {
  const text = group.name || cardsOf(retro, group)[0]?.text || 'Empty group';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
