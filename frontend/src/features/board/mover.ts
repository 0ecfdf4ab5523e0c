import type { QueryClient } from '@tanstack/react-query';
import { boardKey, movePatch } from '../../api/board';
import { patchKeys } from '../../api/patches';
import { fieldErrors, isConflict } from '../../api/problem';
import type { Board, Card, Move, Patch } from '../../api/schema';
import { sprintKeys } from '../../api/sprints';
import { findCard, moveCard, slotIn } from '../../lib/moves';
import { showPatch } from '../../ui/patch/cache';
import { conflictOf, conflictText } from '../../ui/patch/conflict';
import { toast, toastError } from '../../ui/toast';
import { positionOf, type Target } from './steps';

type ReopenReason = NonNullable<Move['reopen_reason']>;

interface Job {
  key: string;
  target: Target;
  reopen?: ReopenReason | undefined;
  /** Why a limit or a definition should let it pass. */
  reason?: string | undefined;
  /** Where it stood before this and all moves that this one replaced. */
  origin: Target;
}

/** A move that a rule of the team stops unless somebody gives the reason. */
export interface Stopped {
  key: string;
  target: Target;
  text: string;
}

/**
 * Moves cards: on the screen at once, then one after the other on the server, each with the version the one
 * before left. A second move of a card that waits takes the first one's place. A refusal puts the card back.
 */
export class Mover {
  private waiting: Job[] = [];
  private running: Job | null = null;
  private stale = false;
  private work: Promise<void> = Promise.resolve();
  constructor(
    private readonly client: QueryClient,
    private readonly team: string,
    private readonly review: (key: string) => void,
    private readonly stop: (stopped: Stopped) => void = () => {},
    private readonly shown: readonly unknown[] = boardKey(team),
  ) {}

  move(key: string, target: Target, reopen?: ReopenReason, reason?: string): void {
    const board = this.board();
    const from = board && findCard(board, key);
    const to = board && positionOf(board, key, target);
    const column = from && board.columns[from.col];
    if (!board || !from || !to || !column || (from.col === to.col && from.row === to.row)) return;
    void this.client.cancelQueries({ queryKey: this.shown }); // an answer on its way would undo the move on the screen
    this.client.setQueryData<Board>(this.shown, moveCard(board, from, to));
    const { after, before } = slotIn(column.cards, key, from.row);
    const origin: Target = {
      status: column.status,
      after: after ?? undefined,
      before: after ? undefined : (before ?? undefined),
    };
    const last = this.waiting.at(-1);
    if (last?.key === key)
      Object.assign(last, { target, reopen: reopen ?? last.reopen, reason: reason ?? last.reason });
    // steps in quick succession are one move to the person: told and undone from where the first began
    else {
      const begin = this.running?.key === key ? this.running.origin : origin;
      this.waiting.push({ key, target, reopen, reason, origin: begin });
    }
    if (!this.running) this.work = this.run();
  }

  /** When all moves so far have been answered. */
  settled(): Promise<void> {
    return this.work;
  }

  /** Somebody else changed something: read the board again, but never under moves that are on their way. */
  refresh(): void {
    if (this.running) this.stale = true;
    else void this.client.invalidateQueries({ queryKey: this.shown });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    for (let job = this.waiting.shift(); job; job = this.waiting.shift()) {
      this.running = job;
      await this.perform(job);
    }
    this.running = null;
    void this.client.invalidateQueries({ queryKey: sprintKeys.all(this.team) });
    if (this.stale) {
      this.stale = false;
      this.refresh();
    }
  }

  private async perform(job: Job): Promise<void> {
    const card = this.card(job.key);
    if (!card) return;
    try {
      const now = await this.send(job.key, job.target, card.version, job.reopen, job.reason);
      this.settle(now);
      if (this.waiting.length === 0) this.tell(job, now);
    } catch (error) {
      this.waiting = this.waiting.filter((j) => j.key !== job.key);
      this.putBack(job, error);
      this.explain(job, error);
    }
  }

  private send(key: string, target: Target, version: number, reopen?: ReopenReason, reason?: string): Promise<Patch> {
    const { status, before, after } = target;
    const beside = before ? { before } : after ? { after } : {};
    const why = { ...(reopen && { reopen_reason: reopen }), ...(reason && { reason }) };
    return movePatch(this.team, key, { status, ...beside, version, ...why });
  }

  /** The server's answer shows everywhere; the lists, which hold only open work, are read again when next seen. */
  private settle(now: Patch): void {
    showPatch(this.client, this.team, now);
    void this.client.invalidateQueries({ queryKey: patchKeys.all(this.team) });
  }

  private tell(job: Job, now: Patch): void {
    const board = this.board();
    const at = board && findCard(board, job.key);
    const column = at && board.columns[at.col];
    if (!at || !column) return;
    const undo = async () => {
      const leavesDone = now.status === 'verified' && job.origin.status !== 'verified';
      const version = this.card(job.key)?.version ?? now.version;
      this.settle(await this.send(job.key, job.origin, version, leavesDone ? 'other' : undefined));
      this.refresh();
    };
    toast({ text: `${job.key} moved to ${column.name}, position ${at.row + 1}`, undo });
  }

  private putBack(job: Job, error: unknown): void {
    const board = this.board();
    const from = board && findCard(board, job.key);
    const to = board && positionOf(board, job.key, job.origin);
    if (board && from && to) this.client.setQueryData<Board>(this.shown, moveCard(board, from, to));
    if (isConflict(error)) {
      const item = conflictOf(error).item;
      if (item) showPatch(this.client, this.team, item);
    }
    this.stale = true;
  }

  private explain(job: Job, error: unknown): void {
    const rule = fieldErrors(error).reason;
    if (rule) {
      this.stop({ key: job.key, target: job.target, text: rule });
      return;
    }
    const conflict = isConflict(error) ? conflictOf(error) : null;
    if (!conflict?.item) {
      toastError(error, `${job.key} was not moved`);
      return;
    }
    const verb = conflict.item.status === job.origin.status ? 'changed' : 'moved';
    const run = () => this.review(job.key);
    toast({
      text: `${conflictText(job.key, verb, conflict)} It shows where it is now.`,
      action: { label: 'Review', run },
    });
  }

  private board(): Board | undefined {
    return this.client.getQueryData<Board>(this.shown);
  }

  private card(key: string): Card | undefined {
    return this.board()
      ?.columns.flatMap((c) => c.cards)
      .find((c) => c.key === key);
  }
}
