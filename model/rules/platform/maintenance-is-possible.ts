import type { Environment } from '../../environment';
import { fewestMaintenanceHours, ROLLING_DAYS } from '../../maintenance';
import type { Rule, RuleViolation } from '../rule';

const MOST_EXCLUSIONS = 20;
const MOST_WITHOUT_UPGRADES = 3;
const LEAST_HOURS = 48;
/** Longest exclusion of each scope, in days. */
const LONGEST = { 'no-upgrades': 30, 'no-minor-upgrades': 180, 'no-minor-or-node-upgrades': 180 } as const;
const DAY = 86_400_000;

export const maintenanceIsPossible: Rule = {
  id: 'PLT-013',
  title: 'Maintenance is possible within 32 days',
  severity: 'error',
  rationale: 'GKE rejects windows and exclusions that leave too little time for security patches.',
  source:
    'https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#limitations-maintenance-exclusions',
  fix: `leave ${LEAST_HOURS} hours of maintenance in any ${ROLLING_DAYS} days`,
  check: (environment) => {
    const { exclusions } = environment.cluster.maintenance;
    const found = [
      ...countViolations(environment),
      ...exclusions.flatMap((_, index) => exclusionViolations(environment, index)),
    ];
    return found.length > 0 ? found : timeViolations(environment);
  },
};

function at({ name }: Environment, path: readonly (string | number)[]) {
  return { kind: 'environment' as const, name, path: ['cluster', 'maintenance', ...path] };
}

function countViolations(environment: Environment): RuleViolation[] {
  const { exclusions } = environment.cluster.maintenance;
  const freezes = exclusions.filter(({ scope }) => scope === 'no-upgrades').length;
  const place = at(environment, ['exclusions']);
  return [
    ...(exclusions.length > MOST_EXCLUSIONS
      ? [{ ...place, message: `${exclusions.length} exclusions`, fix: `use at most ${MOST_EXCLUSIONS}` }]
      : []),
    ...(freezes > MOST_WITHOUT_UPGRADES
      ? [
          {
            ...place,
            message: `${freezes} exclusions with scope no-upgrades`,
            fix: `use at most ${MOST_WITHOUT_UPGRADES}, or another scope`,
          },
        ]
      : []),
  ];
}

function exclusionViolations(environment: Environment, index: number): RuleViolation[] {
  const { exclusions } = environment.cluster.maintenance;
  const exclusion = exclusions[index];
  if (exclusion === undefined) return [];
  const { name, start, end, scope } = exclusion;
  const days = (Date.parse(end) - Date.parse(start)) / DAY;
  const longest = LONGEST[scope];
  return [
    ...(exclusions.slice(0, index).some((other) => other.name === name)
      ? [
          {
            ...at(environment, ['exclusions', index, 'name']),
            message: `'${name}' is also the name of an earlier exclusion`,
            fix: 'use another name',
          },
        ]
      : []),
    ...(days <= 0
      ? [
          {
            ...at(environment, ['exclusions', index, 'end']),
            message: `'${end}' is not after the start '${start}'`,
            fix: 'swap them',
          },
        ]
      : []),
    ...(days > longest
      ? [
          {
            ...at(environment, ['exclusions', index, 'end']),
            message: `${Math.round(days * 10) / 10} days are longer than the ${longest} days of scope ${scope}`,
            fix: `end it at ${new Date(Date.parse(start) + longest * DAY).toISOString().replace('.000', '')} or earlier`,
          },
        ]
      : []),
  ];
}

function timeViolations(environment: Environment): RuleViolation[] {
  const { maintenance } = environment.cluster;
  const without = fewestMaintenanceHours({ ...maintenance, exclusions: [] });
  if (without < LEAST_HOURS)
    return [
      {
        ...at(environment, ['durationHours']),
        message: `some ${ROLLING_DAYS} days have only ${without} hours of maintenance`,
        fix: `use more days or longer windows, for ${LEAST_HOURS} hours`,
      },
    ];
  const hours = fewestMaintenanceHours(maintenance);
  if (hours >= LEAST_HOURS) return [];
  return [
    {
      ...at(environment, ['exclusions']),
      message: `some ${ROLLING_DAYS} days have only ${Math.round(hours * 10) / 10} hours of maintenance`,
      fix: `shorten the exclusions with scope no-upgrades, or use more days or longer windows, for ${LEAST_HOURS} hours`,
    },
  ];
}
