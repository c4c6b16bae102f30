import type { EnvironmentSpec } from '../schema/environment-schema';
import type { Finding } from './parse';

/** PCI DSS 10.5.1: audit logs of twelve months. */
const EVIDENCE_DAYS = 365;

/** What an environment that takes cards may not do without. */
export function checkProduction(spec: EnvironmentSpec): Finding[] {
  if (!spec.production) return [];
  const { images, deletionProtection, cluster, database, logs } = spec;
  const demands: readonly (Finding & { readonly met: boolean })[] = [
    {
      met: images.requireDigest,
      path: ['images', 'requireDigest'],
      rule: 'production takes images by digest only',
      remedy: 'set it to true',
    },
    {
      met: images.sample === undefined,
      path: ['images', 'sample'],
      rule: 'production runs no sample container',
      remedy: 'remove it',
    },
    {
      met: images.attestation === 'required',
      path: ['images', 'attestation'],
      rule: `production starts signed images only, not '${images.attestation}'`,
      remedy: "set it to 'required'",
    },
    {
      met: images.scanning,
      path: ['images', 'scanning'],
      rule: 'production images are searched for vulnerabilities',
      remedy: 'set it to true',
    },
    {
      met: deletionProtection,
      path: ['deletionProtection'],
      rule: 'production must be protected from deletion',
      remedy: 'set it to true',
    },
    {
      met: cluster.location === 'regional',
      path: ['cluster', 'location'],
      rule: 'a zone failure must not stop production',
      remedy: "set it to 'regional'",
    },
    {
      met: cluster.nodes?.spot !== true,
      path: ['cluster', 'nodes', 'spot'],
      rule: 'production runs on no node that Google may take away',
      remedy: 'remove it',
    },
    {
      met: database.availability === 'regional',
      path: ['database', 'availability'],
      rule: 'a zone failure must not stop production',
      remedy: "set it to 'regional'",
    },
    {
      met: logs.retentionDays >= EVIDENCE_DAYS,
      path: ['logs', 'retentionDays'],
      rule: `${logs.retentionDays} is less than the ${EVIDENCE_DAYS} days of PCI DSS 10.5.1`,
      remedy: 'keep production logs for a year or more',
    },
  ];
  return demands.filter(({ met }) => !met).map(({ path, rule, remedy }) => ({ path, rule, remedy }));
}
