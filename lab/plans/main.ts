/**
 * `npm run plans [-- secret|google|cluster]`: makes the plans under `__tests__/plans` anew, with the real Terraform.
 * With `--check` it keeps none, and says which of them would be reviewed otherwise.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { renderReviews, reviewPlans } from '../../tools/commands/review';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../lab-error';
import { projectRoot } from '../project-root';
import { planCluster, type Keep } from './cluster-plans';
import { planGoogle, planSecret } from './google-plans';
import { reducePlan } from './reduce';
import { synthesizeShop } from './variant';

const tell = (line: string) => process.stderr.write(`${line}\n`);

const KEPT = join(projectRoot(), '__tests__', 'plans');

const keepIn =
  (target: string): Keep =>
  (scenario, stack, plan) => {
    const folder = join(target, scenario);
    mkdirSync(folder, { recursive: true });
    const text = JSON.stringify(reducePlan(plan));
    const packed = gzipSync(text, { level: 9 });
    writeFileSync(join(folder, `${stack}.json.gz`), packed);
    tell(`${scenario}: ${text.length} bytes, ${packed.length} packed`);
  };

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { check: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [part] = positionals;
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  try {
    const made = values.check ? join(folder, 'made') : KEPT;
    const keep = keepIn(made);
    if (part === undefined || part === 'secret') await planSecret(keep);
    if (part === undefined || part === 'google') await planGoogle(keep);
    if (part === undefined || part === 'cluster') {
      const shop = join(folder, 'shop');
      synthesizeShop(shop);
      await planCluster(shop, keep, tell);
    }
    if (values.check) await insistOnSameReviews(made);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ports, times and ids differ from run to run; what a review says of a plan does not. */
async function insistOnSameReviews(made: string): Promise<void> {
  const stale: string[] = [];
  for (const scenario of readdirSync(made)) {
    const [kept, anew] = await Promise.all([KEPT, made].map((place) => reviewIn(join(place, scenario))));
    if (kept !== anew) stale.push(scenario);
  }
  if (stale.length > 0)
    throw new LabError(
      `plans of ${stale.join(', ')} are reviewed otherwise when they are made anew; run npm run plans`,
    );
}

async function reviewIn(folder: string): Promise<string | undefined> {
  if (!existsSync(folder)) return undefined;
  return renderReviews(await reviewPlans(readdirSync(folder).map((file) => join(folder, file))), 'json');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  tell(error.message);
  process.exitCode = 1;
});
