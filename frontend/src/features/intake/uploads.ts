import { idempotencyKey } from '../../api/client';
import { type Problem, toProblem } from '../../api/problem';
import type { Import } from '../../api/schema';
import { createStore, useStore } from '../../lib/store';
import { type ImportOptions, uploadImport } from './upload';

/** A file on its way to the server. Kept outside the page: one can leave it while files are sent. */
export interface Upload {
  id: string;
  team: string;
  file: File;
  options: ImportOptions;
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'stopped';
  /** Bytes sent so far. */
  sent: number;
  problem: Problem | null;
}

type Done = (team: string, job: Import) => void;

const atOnce = 2;
const uploads = createStore<readonly Upload[]>([]);
const stops = new Map<string, AbortController>();
let onDone: Done = () => {};

export const useUploads = (team: string) => useStore(uploads).filter((u) => u.team === team);

/** Told of every file that has arrived, with its job. */
export function setUploadHandler(handler: Done): void {
  onDone = handler;
}

export function addUploads(team: string, files: File[], options: ImportOptions): void {
  const fresh = files.map((file): Upload => {
    return { id: idempotencyKey(), team, file, options, state: 'waiting', sent: 0, problem: null };
  });
  uploads.set([...uploads.get(), ...fresh]);
  next();
}

export function stopUpload(id: string): void {
  stops.get(id)?.abort();
  change(id, { state: 'stopped' });
  next();
}

/** The same key again: if the first try did arrive, the server answers with its job. */
export function retryUpload(id: string): void {
  change(id, { state: 'waiting', sent: 0, problem: null });
  next();
}

export const forgetUpload = (id: string): void => uploads.set(uploads.get().filter((u) => u.id !== id));

function change(id: string, patch: Partial<Upload>): void {
  uploads.set(uploads.get().map((u) => (u.id === id ? { ...u, ...patch } : u)));
}

function next(): void {
  const all = uploads.get();
  let free = atOnce - all.filter((u) => u.state === 'sending').length;
  for (const upload of all) {
    if (free <= 0) return;
    if (upload.state !== 'waiting') continue;
    free -= 1;
    void run(upload);
  }
}

async function run(upload: Upload): Promise<void> {
  const { id, team, file, options } = upload;
  const stop = new AbortController();
  stops.set(id, stop);
  change(id, { state: 'sending' });
  try {
    const onProgress = (sent: number) => change(id, { sent: Math.min(sent, file.size) });
    const job = await uploadImport({ team, file, options, key: id, onProgress, signal: stop.signal });
    forgetUpload(id); // from here on the job speaks for the file
    onDone(team, job);
  } catch (error) {
    if (!stop.signal.aborted) change(id, { state: 'failed', problem: toProblem(error) });
  }
  stops.delete(id);
  next();
}

// leaving the site would lose what is not sent yet: the browser asks
addEventListener('beforeunload', (event) => {
  if (uploads.get().some((u) => u.state === 'waiting' || u.state === 'sending')) event.preventDefault();
});
