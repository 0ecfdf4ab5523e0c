import { problemText, toProblem } from '../api/problem';
import { announce } from './LiveRegion';
import type { ToastMessage } from './Toaster';

export interface ToastOptions {
  text: string;
  /** A real inverse call; Ctrl/Cmd Z runs it too while it is the latest. */
  undo?: () => unknown;
  /** A button that is no undo: "Review". */
  action?: { label: string; run: () => void };
}

type Add = (message: ToastMessage) => void;
let add: Add | null = null;
let waiting: ToastMessage[] = [];
let lastUndo: (() => unknown) | null = null;
let load: () => void = () => {};

/** The toaster is a chunk of its own: most visits never need one. */
export function onFirstToast(loader: () => void): void {
  load = loader;
}

/** Called by the toaster once it is there. */
export function connectToaster(adder: Add): void {
  add = adder;
  for (const message of waiting) adder(message);
  waiting = [];
}

function show(message: ToastMessage): void {
  if (add) {
    add(message);
    return;
  }
  waiting.push(message);
  load();
}

/** Bottom right, six seconds; longer with Undo. Announced to screen readers. */
export function toast({ text, undo, action }: ToastOptions): void {
  const once = undo && makeOnce(undo);
  if (once) lastUndo = once;
  announce(text);
  show({ kind: 'done', text, action: once ? { label: 'Undo', run: once } : action });
}

function makeOnce(undo: () => unknown): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    lastUndo = null;
    Promise.resolve()
      .then(undo)
      .catch((error: unknown) => toastError(error, 'Could not undo'));
  };
}

/** What went wrong, what to do, and the request id to report. `before` names what was tried. */
export function toastError(error: unknown, before?: string): void {
  const { request_id } = toProblem(error);
  const text = before ? `${before}: ${problemText(error)}` : problemText(error);
  announce(text);
  show({ kind: 'error', text, detail: request_id ? `Request ${request_id}` : undefined });
}

/** Undoes the last thing that can be undone; false when there is none. */
export function undoLast(): boolean {
  if (!lastUndo) return false;
  lastUndo();
  return true;
}
