import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLive } from '../../api/live';
import { usePermission } from '../../api/queries';
import type { Retro, RetroPatch, RetroPhase } from '../../api/schema';
import { useGathered } from '../../lib/useGathered';
import { announce } from '../../ui/LiveRegion';
import { type Run, runThen } from '../../ui/run';
import { phaseLabel } from './phases';
import { type Place, retroKeys, retroQuery, takeTicket, updateRetro } from './queries';
import { keepTicket, readTicket } from './ticket';

/** A retrospective with what can be done in it. */
export interface Room {
  retro: Retro;
  place: Place;
  mayWork: boolean;
  mayLead: boolean;
  run: Run;
  lead: (change: Omit<RetroPatch, 'version'>) => Promise<boolean>;
  /** Sees to a ticket where one is needed; the place to write with. */
  withTicket: () => Promise<Place>;
  bringTicket: (ticket: string) => void;
}

export function useRetro(user: string, team: string, n: number) {
  const client = useQueryClient();
  const [ticket, setTicket] = useState(() => readTicket(user, team, n));
  const place: Place = { team, n, ticket };
  const query = useQuery(retroQuery(place));
  const retro = query.data;
  const mayWork = usePermission('work', team);
  const mayLead = usePermission('plan', team);
  const refresh = () => client.invalidateQueries({ queryKey: retroKeys.all(team) });
  useReadAgain(ticket, query.refetch);
  useRetroLive(team, n, refresh);
  useSpokenPhase(retro?.phase);
  const run = runThen(refresh);
  const keep = (given: string) => {
    keepTicket(user, team, n, given);
    setTicket(given);
  };
  const withTicket = async () => {
    if (!retro?.anonymous || retro.ticket_known || retro.ticket_taken) return place;
    const { ticket: given } = await takeTicket(place);
    keep(given);
    return { ...place, ticket: given };
  };
  const lead: Room['lead'] = (change) =>
    run(() => updateRetro(place, { ...change, version: retro?.version ?? 0 }), 'The retrospective was not led on');
  const room: Room | null = retro ? { retro, place, mayWork, mayLead, run, lead, withTicket, bringTicket: keep } : null;
  return { room, error: query.error, refetch: query.refetch };
}

/** With another ticket other cards are one's own. */
function useReadAgain(ticket: string, read: () => unknown): void {
  const last = useRef(ticket);
  useEffect(() => {
    if (last.current !== ticket) void read();
    last.current = ticket;
  }, [ticket, read]);
}

const interesting = /^(retro|sprint|patch|member|team|reset)/;

function useRetroLive(team: string, n: number, refresh: () => unknown): void {
  const gather = useGathered(60);
  useLive(team, (event) => {
    if (!interesting.test(event.kind) || (event.kind === 'retro.changed' && event.sprint !== n)) return;
    gather(refresh);
  });
}

function useSpokenPhase(phase: RetroPhase | undefined): void {
  const last = useRef(phase);
  useEffect(() => {
    if (last.current && phase && last.current !== phase) announce(`The phase is now: ${phaseLabel[phase]}`);
    last.current = phase;
  }, [phase]);
}
