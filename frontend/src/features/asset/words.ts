import type { Criticality, Environment, Exposure } from '../../api/schema';

export const criticalityLabel: Record<Criticality, string> = {
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};
export const exposureLabel: Record<Exposure, string> = {
  isolated: 'Isolated',
  internal: 'Internal',
  unknown: 'Unknown',
  internet: 'Internet',
};
export const environmentLabel: Record<Environment, string> = {
  production: 'Production',
  staging: 'Staging',
  test: 'Test',
  development: 'Development',
  unknown: 'Unknown',
};
/** What a fresh asset may be; people may type others. */
export const kinds = ['host', 'image', 'application', 'device'];
export const sortLabel = {
  name: 'By name',
  criticality: 'Most critical',
  exposure: 'Most exposed',
  findings: 'Most findings',
  seen: 'Longest unseen',
} as const;
