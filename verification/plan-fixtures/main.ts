/** Makes the plans under `__tests__/plans` with the real Terraform, or compares them with new ones. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import type { Results } from '../support/results';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { planCluster, type Keep } from './cluster-plans';
import { compareReviews } from './comparison';
import { planGoogle, planSecret } from './google-plans';
import { reducePlan } from './reduce';
import { synthesizeShop } from './variant';

const COMMITTED = join(projectRoot(), '__tests__', 'plans');

/**
 * @param part one of `secret`, `google` and `cluster`; default: all
 * @param check compares the reviews of new plans with those of the committed plans, and writes nothing
 */
export async function makePlanFixtures(
  part: string | undefined,
  { check = false }: { readonly check?: boolean },
  results: Results,
): Promise<void> {
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'plans-');
  try {
    const target = check ? join(folder, 'new') : COMMITTED;
    const keep = keepIn(target, results);
    if (part === undefined || part === 'secret') await planSecret(keep);
    if (part === undefined || part === 'google') await planGoogle(keep);
    if (part === undefined || part === 'cluster') {
      const shop = join(folder, 'shop');
      synthesizeShop(shop);
      await planCluster(shop, keep, log);
    }
    if (check) await assertSameReviews(target, part === undefined, results);
  } finally {
    await teardown.run();
  }
}

function keepIn(target: string, results: Results): Keep {
  let started = performance.now();
  return (scenario, stack, plan) => {
    const file = join(target, scenario, `${stack}.json.gz`);
    mkdirSync(dirname(file), { recursive: true });
    const text = JSON.stringify(reducePlan(plan));
    const packed = gzipSync(text, { level: 9 });
    writeFileSync(file, packed);
    const output = `${text.length} bytes, ${packed.length} compressed`;
    log(`${scenario}/${stack}: ${output}`);
    results.add('plan-fixtures', {
      name: `${scenario}/${stack}`,
      seconds: (performance.now() - started) / 1_000,
      output,
    });
    started = performance.now();
  };
}

/** @param all whether all plans were made, so that other committed plans are obsolete */
async function assertSameReviews(made: string, all: boolean, results: Results): Promise<void> {
  const scenarios = readdirSync(made);
  const failures: string[] = [];
  const add = (scenario: string, differences: readonly string[]) => {
    failures.push(...differences);
    const failure = differences.join('\n');
    results.add('reviews', { name: scenario, seconds: 0, ...(failure !== '' && { failure }) });
  };
  for (const scenario of scenarios) add(scenario, await compareReviews(scenario, COMMITTED, made));
  const obsolete = all ? readdirSync(COMMITTED).filter((scenario) => !scenarios.includes(scenario)) : [];
  for (const scenario of obsolete) add(scenario, [`${scenario}: is no longer made; remove it`]);
  if (failures.length > 0)
    throw new LabError(
      `${failures.join('\n')}\nrun 'npm run verify -- plan-fixtures', and check what changes`,
    );
  log(`the reviews of ${scenarios.length} changes are the same as for the committed plans`);
}
