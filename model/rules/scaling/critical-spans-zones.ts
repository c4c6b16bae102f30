import type { Rule } from '../rule';

const FEWEST_ZONES = 3;

export const criticalSpansZones: Rule = {
  id: 'SCL-004',
  title: 'Critical services span three zones',
  severity: 'error',
  rationale:
    'With two zones a zone failure removes half of the capacity, which autoscaling does not replace in time.',
  source: 'https://cloud.google.com/architecture/framework/reliability',
  fix: `use ${FEWEST_ZONES} zones of the region`,
  check: ({ name, production, zones, services }) => {
    const critical = services.find(({ tier }) => tier === 'critical');
    if (!production || critical === undefined || zones.length >= FEWEST_ZONES) return [];
    return [
      {
        kind: 'environment',
        name,
        path: ['zones'],
        message: `[${zones.join(', ')}] has too few zones for '${critical.name}' and other critical services`,
      },
    ];
  },
};
