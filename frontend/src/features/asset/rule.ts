import type { GroupCondition } from '../../api/schema';

export const fieldLabel: Record<GroupCondition['field'], string> = {
  tag: 'tag',
  environment: 'environment',
  criticality: 'criticality',
  exposure: 'exposure',
  regulation: 'regulation',
  owner: 'owner',
  kind: 'kind',
  name: 'name',
};

export const opLabel: Record<GroupCondition['op'], string> = { is: 'is', is_not: 'is not', contains: 'contains' };

/** A rule as a sentence: "tag is pci and environment is production or staging". */
export const ruleText = (rule: readonly GroupCondition[]): string =>
  rule.map((c) => `${fieldLabel[c.field]} ${opLabel[c.op]} ${c.values.join(' or ')}`).join(' and ');
