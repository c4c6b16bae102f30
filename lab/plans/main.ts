/** `npm run plans [secret|google|cluster]`: makes the plans under `__tests__/plans` anew, with the real Terraform. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../lab-error';
import { projectRoot } from '../project-root';
import { planCluster } from './cluster-plans';
import { planGoogle, planSecret } from './google-plans';
import { reducePlan } from './reduce';
import { synthesizeShop } from './variant';

const tell = (line: string) => process.stderr.write(`${line}\n`);

function keep(scenario: string, stack: string, plan: unknown): void {
  const folder = join(projectRoot(), '__tests__', 'plans', scenario);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(reducePlan(plan));
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(join(folder, `${stack}.json.gz`), packed);
  tell(`${scenario}: ${text.length} bytes, ${packed.length} packed`);
}

async function main([part]: readonly string[]): Promise<void> {
  if (part === undefined || part === 'secret') await planSecret(keep);
  if (part === undefined || part === 'google') await planGoogle(keep);
  if (part !== undefined && part !== 'cluster') return;
  const folder = mkdtempSync(join(tmpdir(), 'plans-'));
  try {
    synthesizeShop(folder);
    await planCluster(folder, keep, tell);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  tell(error.message);
  process.exitCode = 1;
});
