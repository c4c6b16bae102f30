/**
 * `npm run plans [secret|google|cluster]`: makes the plans under `__tests__/plans` anew, with the real Terraform.
 * With `--check` they are left as they are, and compared with what would be made today.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Argument, Command } from 'commander';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../lab-error';
import { projectRoot } from '../project-root';
import { planCluster, type Keep } from './cluster-plans';
import { comparePlans } from './comparison';
import { planGoogle, planSecret } from './google-plans';
import { reducePlan } from './reduce';
import { synthesizeShop } from './variant';

const KEPT = join(projectRoot(), '__tests__', 'plans');
const tell = (line: string) => process.stderr.write(`${line}\n`);

function write(name: string, text: string): void {
  const file = join(KEPT, name);
  mkdirSync(dirname(file), { recursive: true });
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(file, packed);
  tell(`${name}: ${text.length} bytes, ${packed.length} packed`);
}

/** Sentences on what would be written otherwise. */
function compare(name: string, text: string): string[] {
  const file = join(KEPT, name);
  if (!existsSync(file)) return [`${name}: is not kept`];
  return comparePlans(name, JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')), JSON.parse(text));
}

async function makeAll(part: string | undefined, keep: Keep): Promise<void> {
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

async function main(part: string | undefined, { check = false }: { check?: boolean }): Promise<void> {
  const made = new Set<string>();
  const faults: string[] = [];
  await makeAll(part, (scenario, stack, plan) => {
    const name = join(scenario, `${stack}.json.gz`);
    const text = JSON.stringify(reducePlan(plan));
    made.add(name);
    if (check) faults.push(...compare(name, text));
    else write(name, text);
  });
  if (!check) return;
  const kept = readdirSync(KEPT, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.gz'),
  );
  if (part === undefined)
    faults.push(
      ...kept.filter((name) => !made.has(name)).map((name) => `${name}: is made no more; remove it`),
    );
  if (faults.length > 0)
    throw new LabError(`${faults.join('\n')}\nrun 'npm run plans', and read what changes`);
  tell(`${made.size} plans are as they would be made today`);
}

new Command('plans')
  .addArgument(new Argument('[part]').choices(['secret', 'google', 'cluster']))
  .option('--check', 'compares instead of writing')
  .action(main)
  .parseAsync()
  .catch((error: unknown) => {
    if (!(error instanceof LabError || error instanceof UsageError)) throw error;
    tell(error.message);
    process.exitCode = 1;
  });
