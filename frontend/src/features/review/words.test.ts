import { expect, test } from 'vitest';
import type { ReviewEvidence } from '../../api/schema';
import { evidenceText, hostsText } from './words';

const none: ReviewEvidence = { hosts: 0, patched: 0, scans: [], confirmed: false, checks: 0, comments: 0, files: 0 };

test('what nobody knows is not claimed', () => {
  expect(evidenceText(none)).toEqual([]);
  expect(hostsText(none)).toBe('');
});

test('a scan that still sees something is told beside what it no longer sees', () => {
  const scans = [{ source: 'trivy', gone: 1, seen: 2, at: '2026-03-05T09:00:00Z' }];
  expect(evidenceText({ ...none, hosts: 3, patched: 1, scans, files: 1 }, 'UTC')).toEqual([
    'arrived on 1 of 3 hosts',
    'Trivy no longer sees 1 finding (Mar 5, 2026)',
    'Trivy still sees 2 findings',
    '1 file',
  ]);
});
