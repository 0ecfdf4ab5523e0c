import { useEffect, useEffectEvent } from 'react';
import { apiBase, clientId, refreshSession } from './client';
import type { Event as ApiEvent } from './schema';

/** An event of a team; kind `reset` means that events may be missing: read everything again. */
export type LiveEvent = ApiEvent;
type Handler = (event: LiveEvent) => void;

const kinds = [
  'patch.moved',
  'patch.changed',
  'patch.placed',
  'patches.changed',
  'view.changed',
  'sprint.changed',
  'standup.changed',
  'blocker.changed',
  'retro.changed',
  'review.changed',
  'lesson.changed',
  'comment.changed',
  'asset.changed',
  'policies.changed',
  'exception.changed',
  'board.viewers',
  'estimate.changed',
  'import.progress',
  'kev.added',
  'team.changed',
  'member.changed',
  'inbox.changed',
  'reset',
];

const pollEvery = 15_000;
const reopenAfter = 5_000;
const queueLimit = 500;

export const resetEvent = (): LiveEvent => ({ id: 0, kind: 'reset', at: '', actor: { id: '', name: '' } });

// ---- queueing: what arrives while a drag or an editor is open waits, so that nothing moves under the hand

let pauses = 0;
let queue: [string, LiveEvent][] = [];
const handlers = new Map<string, Set<Handler>>();

/** Holds events back until the returned function is called; pauses nest. */
export function pauseLive(): () => void {
  pauses += 1;
  let done = false;
  return () => {
    if (done) return;
    done = true;
    pauses -= 1;
    if (pauses === 0) flush();
  };
}

/** Pauses while a component shows an open editor. */
export function usePauseLive(open: boolean): void {
  useEffect(() => (open ? pauseLive() : undefined), [open]);
}

function flush(): void {
  const waiting = queue;
  queue = [];
  if (waiting.length >= queueLimit) {
    for (const team of new Set(waiting.map(([team]) => team))) deliver(team, resetEvent());
    return;
  }
  for (const [team, event] of waiting) deliver(team, event);
}

/** Hands an event to the pages of this tab; its own echoes are dropped. Exported for the tests. */
export function receive(team: string, event: LiveEvent): void {
  if (event.client === clientId) return;
  if (pauses === 0) deliver(team, event);
  else if (queue.length < queueLimit) queue.push([team, event]);
}

function deliver(team: string, event: LiveEvent): void {
  for (const handler of handlers.get(team) ?? []) handler(event);
}

// ---- connection: one stream a browser and team; its leader tab shares it with the others

const connections = new Map<string, () => void>();

/** Calls the handler for every event of the team that somebody else (or another tab) caused. */
export function subscribe(team: string, handler: Handler): () => void {
  const set = handlers.get(team) ?? new Set<Handler>();
  handlers.set(team, set.add(handler));
  if (!connections.has(team)) connections.set(team, connect(team));
  return () => {
    set.delete(handler);
    // a page change unsubscribes and subscribes again at once: keep the stream for that
    setTimeout(() => {
      if (handlers.get(team)?.size) return;
      connections.get(team)?.();
      connections.delete(team);
    }, 1000);
  };
}

/** What changes nothing that a list or a board shows. */
const aside = ['comment.changed', 'inbox.changed'];

/** `talk` asks for comments, files and inboxes as well. */
export function useLive(team: string | undefined, handler: Handler, talk = false): void {
  const latest = useEffectEvent((event: LiveEvent) => {
    if (talk || !aside.includes(event.kind)) handler(event);
  });
  useEffect(() => (team ? subscribe(team, (event) => latest(event)) : undefined), [team]);
}

function connect(team: string): () => void {
  // Web Locks exist only in secure contexts; without a leader every tab would hold a connection
  // and six of them block HTTP/1.1, so such pages look again from time to time instead
  if (!navigator.locks || typeof BroadcastChannel === 'undefined') return poll(team);
  const channel = new BroadcastChannel(`patchline-live-${team}`);
  channel.onmessage = (message: MessageEvent<LiveEvent>) => receive(team, message.data);
  const stop = new AbortController();
  const lead = () => stream(team, stop.signal, (event) => channel.postMessage(event));
  navigator.locks.request(`patchline-live-${team}`, { signal: stop.signal }, lead).catch(() => {});
  return () => {
    stop.abort();
    channel.close();
  };
}

/** Holds the stream until the signal; resolves then, which frees the lock for another tab. */
function stream(team: string, signal: AbortSignal, share: (event: LiveEvent) => void): Promise<void> {
  return new Promise((release) => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const emit = (event: LiveEvent) => {
      receive(team, event);
      share(event);
    };
    const open = (again: boolean) => {
      if (signal.aborted) return;
      source = new EventSource(`${apiBase}/teams/${encodeURIComponent(team)}/events`);
      for (const kind of kinds) source.addEventListener(kind, (e) => emit(parse(kind, e as MessageEvent<string>)));
      // a new stream knows nothing of the old one's last id
      source.onopen = () => {
        if (again) emit(resetEvent());
      };
      source.onerror = () => {
        if (source.readyState !== EventSource.CLOSED) return; // the browser reconnects by itself, with Last-Event-ID
        timer = setTimeout(() => void reopen(), reopenAfter);
      };
    };
    const reopen = async () => {
      // a closed stream was refused: most likely the access cookie ran out
      const signedIn = await refreshSession().catch(() => true);
      if (signedIn) open(true);
    };
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      source?.close();
      release();
    });
    open(leaders.has(team));
    leaders.add(team);
  });
}

/** Teams this tab has led before: what happened between two streams is unknown. */
const leaders = new Set<string>();

function parse(kind: string, message: MessageEvent<string>): LiveEvent {
  try {
    return { ...resetEvent(), ...(JSON.parse(message.data) as Partial<LiveEvent>), kind };
  } catch {
    return { ...resetEvent(), kind };
  }
}

function poll(team: string): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') receive(team, resetEvent());
  };
  const timer = setInterval(look, pollEvery);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
