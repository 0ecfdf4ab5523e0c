import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { type PatchPages, patchQuery, placePatch, rowsOf, unplacePatch } from '../../api/patches';
import { isConflict } from '../../api/problem';
import type { Patch } from '../../api/schema';
import { num, plural } from '../../lib/format';
import { moveBefore, type Neighbours, neighboursOf, repage } from '../../lib/moves';
import { showPatch } from '../../ui/patch/cache';
import { conflictOf, conflictText } from '../../ui/patch/conflict';
import { toast, toastError } from '../../ui/toast';
import { slotFor } from './slots';

export interface PlacingContext {
  client: QueryClient;
  team: string;
  /** Who places, for the pin until the server has answered. */
  me: string;
  /** Shows a patch that somebody else was first with. */
  review: (key: string) => void;
}
/** The list on the screen. */
export interface Shown {
  queryKey: QueryKey;
  whole: boolean;
}

interface Origin extends Neighbours {
  key: string;
  index: number;
  placed: boolean;
}
interface Job {
  shown: Shown;
  origins: Origin[];
  reason?: string | undefined;
}

/**
 * Places patches: on the screen at once, then one after the other on the server. A second move of the same
 * patches that waits takes the place of the first, so that a held-down key does not queue fifty requests.
 */
export class Placer {
  private waiting: Job[] = [];
  private running: Job | null = null;
  constructor(private readonly context: PlacingContext) {}

  /** Puts the patches before `anchor` (null: to the end of the list), in list order. */
  move(shown: Shown, keys: ReadonlySet<string>, anchor: string | null, reason?: string): void {
    const rows = this.rows(shown);
    const origins = rows.flatMap((p, index) => (keys.has(p.key) ? [{ ...origin(rows, p, keys), index }] : []));
    if (origins.length === 0) return;
    this.show(
      shown,
      moveBefore(rows, keys, anchor).map((p) => (keys.has(p.key) ? this.pinned(p, reason) : p)),
    );
    const last = this.waiting.at(-1);
    if (last && sameKeys(last.origins, origins)) last.reason = reason ?? last.reason;
    else this.waiting.push({ shown, origins: this.chained(origins), reason });
    void this.run();
  }

  /** Behind everything else of the backlog, loaded or not: one call for each. */
  async toEnd(shown: Shown, patches: readonly Patch[]): Promise<void> {
    const { client, team } = this.context;
    const rows = this.rows(shown);
    const keys = new Set(patches.map((p) => p.key));
    const origins = patches.map((p) => ({ ...origin(rows, p, keys), index: rows.indexOf(p) }));
    try {
      for (const p of patches)
        showPatch(client, team, await placePatch(team, p.key, { end: 'last', version: p.version }));
      const what = patches.length === 1 ? patches[0]?.key : plural(patches.length, 'patch', 'patches');
      toast({ text: `${what} moved to the end`, undo: () => this.fromEnd(shown, origins) });
    } catch (error) {
      this.explain(error, patches[0]?.key ?? '');
    }
    await this.refresh(shown);
  }

  /** The rows at the end are not loaded: their versions are asked for. */
  private async fromEnd(shown: Shown, origins: readonly Origin[]): Promise<void> {
    const { client, team } = this.context;
    for (const o of origins) {
      const now = await client.fetchQuery({ ...patchQuery(team, o.key), staleTime: 0 });
      await this.putBack(shown, o, now.version);
    }
    await this.refresh(shown);
  }

  /** Back to where the priority puts it. */
  async unplace(shown: Shown, patch: Patch): Promise<void> {
    const { client, team } = this.context;
    const before = origin(this.rows(shown), patch, new Set([patch.key]));
    try {
      const now = await unplacePatch(team, patch.key, patch.version);
      showPatch(client, team, now);
      await this.refresh(shown);
      const undo = () => this.putBack(shown, { ...before, placed: true, index: 0 }, now.version);
      toast({
        text: `${patch.key} returned to risk order`,
        undo: async () => {
          await undo();
          await this.refresh(shown);
        },
      });
    } catch (error) {
      this.explain(error, patch.key);
      await this.refresh(shown);
    }
  }

  private async run(): Promise<void> {
    if (this.running) return;
    try {
      for (let job = this.waiting.shift(); job; job = this.waiting.shift()) {
        this.running = job;
        await this.perform(job);
      }
    } finally {
      this.running = null;
    }
  }

  /** Steps in quick succession are one move to the person: told and undone from where the first began. */
  private chained(origins: Origin[]): Origin[] {
    return this.running && sameKeys(this.running.origins, origins) ? this.running.origins : origins;
  }

  private async perform(job: Job): Promise<void> {
    const { client, team } = this.context;
    for (const o of job.origins) {
      const rows = this.rows(job.shown);
      const index = rows.findIndex((p) => p.key === o.key);
      const patch = rows[index];
      if (!patch) continue; // filtered away meanwhile
      const slot = slotFor(rows, o.key, index < o.index, job.shown);
      try {
        const now = await placePatch(team, o.key, {
          ...slot,
          version: patch.version,
          ...(job.reason && { reason: job.reason }),
        });
        showPatch(
          client,
          team,
          this.waiting.some((w) => sameKeys(w.origins, job.origins)) ? { ...now, placement: patch.placement } : now,
        );
      } catch (error) {
        this.waiting = [];
        this.explain(error, o.key);
        await this.refresh(job.shown);
        return;
      }
    }
    if (this.waiting.length === 0) this.tell(job);
  }

  private tell(job: Job): void {
    const first = job.origins[0];
    if (!first) return;
    const at = this.rows(job.shown).findIndex((p) => p.key === first.key) + 1;
    const what = job.origins.length === 1 ? first.key : plural(job.origins.length, 'patch', 'patches');
    const from = job.origins.length === 1 ? ` from ${num.format(first.index + 1)}` : '';
    toast({
      text: `${what} moved${from} to ${num.format(at)}${job.shown.whole ? '' : ' in this list'}`,
      undo: () => this.undo(job),
    });
  }

  private async undo(job: Job): Promise<void> {
    for (const o of job.origins) {
      const patch = this.rows(job.shown).find((p) => p.key === o.key);
      if (patch) await this.putBack(job.shown, o, patch.version);
    }
    await this.refresh(job.shown);
  }

  /** The inverse call: between its old neighbours, or to risk order when nobody had placed it. */
  private async putBack(shown: Shown, o: Origin, version: number): Promise<void> {
    const { client, team } = this.context;
    this.show(shown, moveBefore(this.rows(shown), new Set([o.key]), o.before));
    const slot = o.after ? { after: o.after } : { before: o.before };
    const now = o.placed
      ? await placePatch(team, o.key, { ...slot, version })
      : await unplacePatch(team, o.key, version);
    showPatch(client, team, now);
  }

  private explain(error: unknown, key: string): void {
    if (!isConflict(error)) {
      toastError(error, `${key} was not moved`);
      return;
    }
    const run = () => this.context.review(key);
    toast({ text: conflictText(key, 'changed', conflictOf(error)), action: { label: 'Review', run } });
  }

  private pinned(p: Patch, reason = ''): Patch {
    return {
      ...p,
      placement: { by: this.context.me, at: new Date().toISOString(), reason, drift: p.placement?.drift ?? 0 },
    };
  }

  private rows(shown: Shown): Patch[] {
    return rowsOf(this.context.client.getQueryData<PatchPages>(shown.queryKey));
  }

  private show(shown: Shown, rows: Patch[]): void {
    this.context.client.setQueryData<PatchPages>(shown.queryKey, (data) => {
      if (!data) return data;
      const pages = repage(
        rows,
        data.pages.map((p) => p.items.length),
      );
      return { ...data, pages: data.pages.map((page, i) => ({ ...page, items: pages[i] ?? [] })) };
    });
  }

  private refresh(shown: Shown): Promise<void> {
    return this.context.client.invalidateQueries({ queryKey: shown.queryKey });
  }
}

function origin(rows: readonly Patch[], patch: Patch, keys: ReadonlySet<string>): Origin {
  const index = rows.findIndex((p) => p.key === patch.key);
  const { after } = neighboursOf(rows, patch.key);
  // the next one that stays: another moved patch is no place to come back to
  const before = rows.slice(index + 1).find((p) => !keys.has(p.key))?.key ?? null;
  return { key: patch.key, index, placed: patch.placement !== null, after, before };
}

const sameKeys = (a: readonly Origin[], b: readonly Origin[]) =>
  a.length === b.length && a.every((o, i) => o.key === b[i]?.key);
