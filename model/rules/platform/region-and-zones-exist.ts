import { GOOGLE_REGIONS } from '../../google-regions';
import { choices } from '../../source/suggest';
import type { Rule, RuleViolation } from '../rule';

export const regionAndZonesExist: Rule = {
  id: 'PLT-008',
  title: 'Region and zones exist',
  severity: 'error',
  rationale:
    'The first request of the apply fails, after the bootstrap has created key rings that cannot be moved.',
  source: 'https://cloud.google.com/compute/docs/regions-zones',
  fix: 'use an existing region and its zones; add a region that Google opened later to model/google-regions.ts, or waive this rule until then',
  check: ({ name, region, zones }) => {
    const known = GOOGLE_REGIONS.get(region);
    const at = { kind: 'environment' as const, name };
    if (known === undefined) {
      const message = `'${region}' is not a known region`;
      const fix = `${choices(region, [...GOOGLE_REGIONS.keys()])} Or, if Google opened it after 2026-11-28, add it to model/google-regions.ts`;
      return [{ ...at, path: ['region'], message, fix }];
    }
    return zones.flatMap((zone, index): RuleViolation[] =>
      known.includes(zone)
        ? []
        : [
            {
              ...at,
              path: ['zones', index],
              message: `'${region}' has no zone '${zone}'`,
              fix: `use one of ${known.join(', ')}`,
            },
          ],
    );
  },
};
