import type { DuePolicy, NewPolicy, PolicyRule, PolicyScope, Severity } from '../../api/schema';
import { plural } from '../../lib/format';

export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

const yesNo = (v: boolean | undefined, yes: string, no: string) => (v === undefined ? [] : [v ? yes : no]);

/** "critical or high, KEV, exposed: 3 days". */
export function ruleText(r: PolicyRule): string {
  const when = [
    ...(r.severities?.length ? [`severity ${r.severities.join(' or ')}`] : []),
    ...(r.bands?.length ? [`risk ${r.bands.join(' or ')}`] : []),
    ...yesNo(r.kev, 'KEV', 'not KEV'),
    ...yesNo(r.exposed, 'exposed', 'not exposed'),
    ...yesNo(r.automatable, 'automatable', 'not automatable'),
    ...yesNo(r.total_impact, 'total impact', 'partial impact'),
  ].join(', ');
  return `${when || 'everything'}: ${plural(r.days, 'day')}${r.forensics ? ' and forensics' : ''}`;
}

/** "tag cards; environment production"; empty for every patch. Groups are named where their names are known. */
export function scopeText(s: PolicyScope, groups: readonly { id: string; name: string }[] = []): string {
  const part = (name: string, words: readonly string[] | undefined) =>
    words?.length ? [`${name} ${words.join(' or ')}`] : [];
  return [
    ...part(
      'group',
      s.groups?.map((id) => groups.find((g) => g.id === id)?.name ?? 'that was deleted'),
    ),
    ...part('tag', s.tags),
    ...part('kind', s.kinds),
    ...part('environment', s.environments),
    ...part('regulation', s.regulations),
    ...part('criticality', s.criticalities),
    ...part('exposure', s.exposures),
  ].join('; ');
}

/** What the editor begins with: an own policy as it is, a copy of a shipped one, or a blank one. */
export function draftOf(p: DuePolicy | null, copy: boolean): NewPolicy {
  if (!p) return { name: '', citation: '', citation_url: '', scope: {}, rules: [{ days: 30 }], note: '' };
  const { citation, citation_url, cited_on, valid_from, valid_until, scope, rules, not_past_kev_due } = p;
  const name = copy ? `${p.name} (copy)` : p.name;
  return { name, citation, citation_url, cited_on, valid_from, valid_until, scope, rules, not_past_kev_due, note: '' };
}

/** A rule without what is empty: an absent condition holds always. */
export const tidyRule = ({ severities: s, bands, ...r }: PolicyRule): PolicyRule => ({
  ...r,
  ...(s?.length ? { severities: s } : {}),
  ...(bands?.length ? { bands } : {}),
});
