import { canonicalCidr, cidrsOverlap, cidrWithin } from '../../cidr';
import type { Environment } from '../../environment';
import { PRIVATE_CIDRS } from '../../google-addresses';
import type { Rule, RuleViolation } from '../rule';

/** Ranges in PRIVATE_CIDRS that no subnet may use: link-local addresses. */
const LINK_LOCAL = '169.254.0.0/16';
/** Cloud SQL uses it for its own containers, so it does not respond to clients there. */
const OF_CLOUD_SQL = '172.17.0.0/16';

export const rangesArePrivate: Rule = {
  id: 'PLT-006',
  title: 'Ranges are private and start correctly',
  severity: 'error',
  rationale:
    'Public addresses in a range hide their owners on the internet, and network policy treats them as destinations outside of the cluster.',
  source: 'https://cloud.google.com/vpc/docs/subnets#valid-ranges',
  fix: 'use a free range of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
  check: (environment) =>
    (['nodesCidr', 'podsCidr', 'servicesCidr', 'databasePeeringCidr'] as const).flatMap(
      (range): RuleViolation[] => {
        const cidr = environment.network[range];
        const finding = cidr === undefined ? undefined : findingOf(cidr, environment);
        return finding === undefined
          ? []
          : [{ kind: 'environment', name: environment.name, path: ['network', range], ...finding }];
      },
    ),
};

function findingOf(
  cidr: string,
  { database }: Environment,
): Pick<RuleViolation, 'message' | 'fix'> | undefined {
  if (!cidrWithin(cidr, PRIVATE_CIDRS) || cidrsOverlap(cidr, LINK_LOCAL))
    return { message: `'${cidr}' has addresses that are not private` };
  if (canonicalCidr(cidr) !== cidr)
    return {
      message: `'${cidr}' does not start at the first address of a range`,
      fix: `use ${canonicalCidr(cidr)}`,
    };
  if (database.engine === 'cloud-sql' && cidrsOverlap(cidr, OF_CLOUD_SQL))
    return {
      message: `'${cidr}' overlaps with ${OF_CLOUD_SQL}, to which Cloud SQL does not respond`,
      fix: 'use another range',
    };
  return undefined;
}
