import type { Rule } from '../rule';

const ALLOYDB_VCPUS: readonly number[] = [2, 4, 8, 16, 32, 64, 96, 128];
const MOST_CLOUD_SQL_VCPUS = 96;

export const databaseSizeExists: Rule = {
  id: 'PLT-007',
  title: 'The database has a size that exists',
  severity: 'error',
  rationale:
    'Google rejects other sizes half-way through the first apply, after the cluster has been created.',
  source: 'https://cloud.google.com/alloydb/docs/instance-primary-create',
  fix: `AlloyDB: ${ALLOYDB_VCPUS.join(', ')} vCPUs; Cloud SQL: 1, or an even number up to ${MOST_CLOUD_SQL_VCPUS}`,
  check: ({ name, database: { engine, cpuCount } }) => {
    if (engine === 'alloydb' ? ALLOYDB_VCPUS.includes(cpuCount) : isCloudSqlSize(cpuCount)) return [];
    const product = engine === 'alloydb' ? 'AlloyDB' : 'Cloud SQL';
    return [
      {
        kind: 'environment',
        name,
        path: ['database', 'cpuCount'],
        message: `${product} has no size with ${cpuCount} vCPUs`,
        fix:
          engine === 'alloydb'
            ? `use one of ${ALLOYDB_VCPUS.join(', ')}`
            : `use 1, or an even number up to ${MOST_CLOUD_SQL_VCPUS}`,
      },
    ];
  },
};

/** Custom machine types of the Enterprise edition. */
function isCloudSqlSize(cpuCount: number): boolean {
  return cpuCount === 1 || (cpuCount % 2 === 0 && cpuCount <= MOST_CLOUD_SQL_VCPUS);
}
