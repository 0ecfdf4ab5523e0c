import { beforeEach, expect, test, vi } from 'vitest';
import { clientId } from './client';
import { type LiveEvent, pauseLive, receive, resetEvent, subscribe } from './live';

const event = (id: number, client = 'another tab'): LiveEvent => ({ ...resetEvent(), id, kind: 'patch.moved', client });

let got: LiveEvent[] = [];
let leave: () => void = () => {};

beforeEach(() => {
  leave();
  got = [];
  leave = subscribe('INF', (e) => got.push(e));
});

test('events reach the pages of their team only', () => {
  receive('INF', event(1));
  receive('OPS', event(2));
  expect(got.map((e) => e.id)).toEqual([1]);
});

test('the echo of an own change is dropped', () => {
  receive('INF', event(1, clientId));
  expect(got).toEqual([]);
});

test('while something is dragged or edited events wait, and come in their order', () => {
  const resumeDrag = pauseLive();
  const resumeEditor = pauseLive();
  receive('INF', event(1));
  resumeDrag();
  resumeDrag(); // a second call changes nothing
  receive('INF', event(2));
  expect(got).toEqual([]);
  resumeEditor();
  expect(got.map((e) => e.id)).toEqual([1, 2]);
});

test('after a very long pause one reset stands for all that was missed', () => {
  const resume = pauseLive();
  for (let id = 1; id <= 600; id++) receive('INF', event(id));
  resume();
  expect(got.map((e) => e.kind)).toEqual(['reset']);
});

test('where no stream can be shared the page looks again from time to time', () => {
  vi.useFakeTimers();
  const handler = vi.fn();
  const stop = subscribe('POLL', handler); // happy-dom has no Web Locks, as plain http has none
  vi.advanceTimersByTime(16_000);
  expect(handler).toHaveBeenCalledOnce();
  expect(handler.mock.calls[0]?.[0].kind).toBe('reset');
  stop();
  vi.useRealTimers();
});
