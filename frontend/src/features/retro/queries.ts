import { queryOptions } from '@tanstack/react-query';
import { api, call } from '../../api/client';
import type { NewRetroAction, Retro, RetroDecision, RetroGroupPatch, RetroPatch } from '../../api/schema';

export const retroKeys = {
  all: (team: string) => ['retro', team] as const,
  sprint: (team: string, n: number) => ['retro', team, n] as const,
};

/** Where it is, and the ticket that stands for one where it is anonymous. */
export interface Place {
  team: string;
  n: number;
  ticket: string;
}

const at = ({ team, n }: Place) => ({ path: { team, n } });
const signed = ({ ticket }: Place) => (ticket ? { header: { 'Retro-Ticket': ticket } } : {});
const thing = (place: Place, id: string) => ({ path: { team: place.team, n: place.n, id } });
const base = '/teams/{team}/sprints/{n}/retro';

export const retroQuery = (place: Place) =>
  queryOptions({
    // without the ticket: with the first card one gets it, and what is shown must not go away for that
    queryKey: retroKeys.sprint(place.team, place.n),
    queryFn: ({ signal }) => call(api.GET(base, { params: { ...at(place), ...signed(place) }, signal })),
    // of an anonymous one nobody is told about cards, so that nobody can tell whose they are
    refetchInterval: ({ state }) => (looksAgain(state.data) ? 5000 : false),
  });

const looksAgain = (r: Retro | undefined) => !!r?.anonymous && (r.phase === 'facts' || r.phase === 'collect');

export const updateRetro = (place: Place, body: RetroPatch) => call(api.PATCH(base, { params: at(place), body }));

export const setReady = (place: Place, ready: boolean) =>
  call(api.PUT(`${base}/ready`, { params: at(place), body: { ready } }));

export const takeTicket = (place: Place) => call(api.POST(`${base}/ticket`, { params: at(place) }));

export const putCard = (place: Place, id: string, column: number, text: string) =>
  call(api.PUT(`${base}/cards/{id}`, { params: { ...thing(place, id), ...signed(place) }, body: { column, text } }));

export const deleteCard = (place: Place, id: string) =>
  call(api.DELETE(`${base}/cards/{id}`, { params: { ...thing(place, id), ...signed(place) } }));

export const moveCard = (place: Place, id: string, group_id: string | null) =>
  call(api.PUT(`${base}/cards/{id}/group`, { params: thing(place, id), body: { group_id } }));

export const updateGroup = (place: Place, id: string, body: RetroGroupPatch) =>
  call(api.PATCH(`${base}/groups/{id}`, { params: thing(place, id), body }));

export const setDots = (place: Place, id: string, dots: number) =>
  call(api.PUT(`${base}/groups/{id}/dots`, { params: { ...thing(place, id), ...signed(place) }, body: { dots } }));

export const createAction = (place: Place, body: NewRetroAction, intent: string) =>
  call(api.POST(`${base}/actions`, { params: { ...at(place), header: { 'Idempotency-Key': intent } }, body }));

export const decideAction = (place: Place, id: string, decision: RetroDecision['decision']) =>
  call(api.PUT(`${base}/actions/{id}/decision`, { params: thing(place, id), body: { decision } }));
