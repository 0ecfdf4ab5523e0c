import type { RiskScore } from '../api/schema';
import { epssText, num, plural } from './format';

type PartName = RiskScore['parts'][number]['name'];
type Inputs = RiskScore['inputs'];

export const partLabel: Record<PartName, string> = {
  threat: 'Threat',
  severity: 'Severity',
  ease: 'Ease of attack',
  context: 'Context',
  regulation: 'Regulation',
  sla: 'Urgency',
  cap: 'Limit of 100',
};

/** What each part was computed from, in words. */
export function partReason(name: PartName, i: Inputs): string {
  switch (name) {
    case 'threat':
      return i.kev ? 'Exploited: listed in a KEV catalogue' : `EPSS ${epssText(i.epss)} within 30 days`;
    case 'severity':
      return `CVSS base score ${num.format(i.cvss)}`;
    case 'ease':
      return [
        i.automatable ? 'automatable' : 'not automatable',
        i.total_impact ? 'total impact' : 'partial impact',
      ].join(', ');
    case 'context':
      return `${i.criticality} criticality, ${exposureText[i.exposure]}, ${plural(i.affected, 'asset')}`;
    case 'regulation':
      return i.regulated ? 'A regulated asset is affected' : 'No regulated asset';
    case 'sla':
      return i.elapsed >= 1
        ? 'The allowed time is used up'
        : `${Math.round(i.elapsed * 100)} % of the allowed time is used`;
    case 'cap':
      return 'A score ends at 100';
  }
}

const exposureText: Record<Inputs['exposure'], string> = {
  isolated: 'isolated',
  internal: 'internal network',
  unknown: 'exposure unknown',
  internet: 'reachable from the internet',
};

const inputLabel: Record<string, string> = {
  epss: 'EPSS',
  cvss: 'CVSS',
  automatable: 'automatable',
  total_impact: 'technical impact',
  technical_impact: 'technical impact',
  criticality: 'criticality',
  exposure: 'exposure',
  ssvc: 'SSVC',
};
export const assumedText = (names: readonly string[]) =>
  names.map((n) => inputLabel[n] ?? n.replaceAll('_', ' ')).join(', ');

export interface Segment {
  name: PartName;
  points: number;
  /** Where it starts and how wide it is, in per cent of the bar. */
  left: number;
  width: number;
  /** Takes away from what stands before it. */
  minus: boolean;
}

/**
 * The parts as a bar: what adds stands side by side from zero, what takes away is cut off from the right,
 * so that the part left over ends at the score.
 */
export function segments(parts: RiskScore['parts']): { segments: Segment[]; end: number } {
  const sum = parts.reduce((s, p) => s + Math.max(0, p.points), 0);
  const scale = 100 / Math.max(100, sum);
  let from = 0;
  const plus = parts
    .filter((p) => p.points > 0)
    .map((p) => {
      const left = from;
      from += p.points * scale;
      return { name: p.name, points: p.points, left, width: p.points * scale, minus: false };
    });
  const minus = parts
    .filter((p) => p.points < 0)
    .map((p) => {
      from += p.points * scale;
      return { name: p.name, points: p.points, left: from, width: -p.points * scale, minus: true };
    });
  return { segments: [...plus, ...minus], end: from };
}
