/**
 * `npm run plans [secret|google|cluster]`: makes the plans under `__tests__/plans` anew, with the real Terraform.
 * With `--check` they are left as they are, and reviewed beside those that would be made today.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Argument, Command } from 'commander';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import { planCluster, type Keep } from './cluster-plans';
import { compareReviews } from './comparison';
import { planGoogle, planSecret } from './google-plans';
import { reducePlan } from './reduce';
import { synthesizeShop } from './variant';

const KEPT = join(projectRoot(), '__tests__', 'plans');
const log = (line: string) => process.stderr.write(`${line}\n`);

const keepIn =
  (target: string): Keep =>
  (scenario, stack, plan) => {
    const file = join(target, scenario, `${stack}.json.gz`);
    mkdirSync(dirname(file), { recursive: true });
    const text = JSON.stringify(reducePlan(plan));
    const packed = gzipSync(text, { level: 9 });
    writeFileSync(file, packed);
    log(`${scenario}/${stack}: ${text.length} bytes, ${packed.length} packed`);
  };

async function main(part: string | undefined, { check = false }: { check?: boolean }): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  try {
    const made = check ? join(folder, 'made') : KEPT;
    const keep = keepIn(made);
    if (part === undefined || part === 'secret') await planSecret(keep);
    if (part === undefined || part === 'google') await planGoogle(keep);
    if (part === undefined || part === 'cluster') {
      const shop = join(folder, 'shop');
      synthesizeShop(shop);
      await planCluster(shop, keep, log);
    }
    if (check) await assertSameReviews(made, part === undefined);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param all whether every plan was made, so that one which is kept beside them is made no more */
async function assertSameReviews(made: string, all: boolean): Promise<void> {
  const scenarios = readdirSync(made);
  const left = all ? readdirSync(KEPT).filter((scenario) => !scenarios.includes(scenario)) : [];
  const violations = left.map((scenario) => `${scenario}: is made no more; remove it`);
  for (const scenario of scenarios) violations.push(...(await compareReviews(scenario, KEPT, made)));
  if (violations.length > 0)
    throw new LabError(`${violations.join('\n')}\nrun 'npm run plans', and read what changes`);
  log(`${scenarios.length} changes are reviewed as they would be today`);
}

new Command('plans')
  .addArgument(new Argument('[part]').choices(['secret', 'google', 'cluster']))
  .option('--check', 'compares reviews instead of writing')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof LabError || error instanceof UsageError)) throw error;
    log(error.message);
    process.exitCode = 1;
  });
