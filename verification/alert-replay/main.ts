/**
 * `npm run check:slo [environment…]`: replays synthetic incidents through the alerts of the synthesized
 * stacks, those of production unless others are named.
 * The expressions are taken as they are: `istio_io:service_…` is a name in Prometheus too.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogueError } from '../../model/source/violation';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../support/lab-error';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { run } from '../toolchain/program';
import { burnPolicies } from './policies';
import { promtoolCases, type PromtoolCase } from './promtool-files';

async function main(requested: readonly string[]): Promise<void> {
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const known = catalogue();
  const production = known.environments.filter((environment) => environment.production);
  const names = requested.length > 0 ? requested : production.map(({ name }) => name);
  const cases = names.flatMap((name) =>
    promtoolCases(environmentNamed(known, name), burnPolicies(outputFolder, name)),
  );
  const tools = await labTools(['prometheus'], (message) => process.stderr.write(`${message}\n`));
  await replay(toolPath(tools, 'promtool'), cases);
  const incidents = cases.reduce((sum, { tests }) => sum + tests.length, 0);
  const checks = cases.reduce((sum, one) => sum + one.checks, 0);
  process.stdout.write(
    `${cases.length} alerts of ${names.join(', ')}: ${incidents} incidents, ${checks} checks, each as the table says\n`,
  );
}

/** In as many processes as there are cores. */
async function replay(promtool: string, cases: readonly PromtoolCase[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-slo-'));
  const shares = availableParallelism();
  const program = { name: promtool, fix: 'install Prometheus 2.42 or newer' };
  try {
    const runs = Array.from({ length: shares }, (_, share) => {
      const file = join(folder, `${share}.json`);
      const tests = cases.filter((_case, index) => index % shares === share).flatMap((one) => one.tests);
      writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests }));
      return run(program, ['test', 'rules', file], { cwd: folder, purpose: 'replaying incidents' });
    });
    const failed = (await Promise.allSettled(runs)).flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as Error] : [],
    );
    if (failed.length > 0) throw new LabError(failed.map(({ message }) => message).join('\n'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
