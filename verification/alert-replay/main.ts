/**
 * Replays synthetic incidents through the alerts of the synthesized stacks. The expressions are used unchanged:
 * `istio_io:service_…` is a valid metric name in Prometheus too.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../tools/catalogue';
import { run } from '../../tools/process';
import { environmentNamed } from '../../tools/selection';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { log, scratchFolder, Teardown } from '../support/teardown';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { alertPolicies } from './policies';
import { promtoolCases, type PromtoolCase } from './promtool-files';

/** @param requested names of environments; default: those in production */
export async function replayAlerts(requested: readonly string[], results: Results): Promise<void> {
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const known = catalogue();
  const production = known.environments.filter((environment) => environment.production);
  const names = requested.length > 0 ? requested : production.map(({ name }) => name);
  const cases = names.flatMap((name) =>
    promtoolCases(environmentNamed(known, name), alertPolicies(outputFolder, name)),
  );
  const tools = await labTools(['prometheus'], log);
  const incidents = cases.reduce((sum, { tests }) => sum + tests.length, 0);
  log(`replaying ${incidents} incidents through ${cases.length} alerts of ${names.join(', ')}`);
  await replay(toolPath(tools, 'promtool'), cases, results);
  const checks = cases.reduce((sum, one) => sum + one.checks, 0);
  process.stdout.write(
    `${cases.length} alerts of ${names.join(', ')}: ${incidents} incidents with ${checks} checks, all as in the table of 'mesh slo'\n`,
  );
}

/** In as many processes as there are cores. */
async function replay(promtool: string, cases: readonly PromtoolCase[], results: Results): Promise<void> {
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'mesh-slo-');
  const shares = availableParallelism();
  try {
    const runs = Array.from({ length: shares }, async (_, share) => {
      const file = join(folder, `${share}.json`);
      const tests = cases.filter((_case, index) => index % shares === share).flatMap((one) => one.tests);
      writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '1m', tests }));
      const started = performance.now();
      const { failed, stdout, stderr } = await run(promtool, ['test', 'rules', file], { cwd: folder });
      // promtool reports neither passed tests nor times.
      const seconds = (performance.now() - started) / 1_000 / tests.length;
      const report = failed ? [`${stdout}${stderr}`.trim()] : [];
      const findings = report.flatMap((text) => text.split(/\n(?= *expr:)/));
      for (const { name } of tests) {
        // promtool quotes the expression, so the end of its first line is a backslash and an n.
        const own = findings.filter((finding) => finding.includes(`# ${name}\\n`));
        results.add('alert-replay', {
          name,
          seconds,
          ...(own.length > 0 && { failure: own.join('\n') }),
        });
      }
      return report;
    });
    const failures = (await Promise.all(runs)).flat();
    if (failures.length > 0) throw new LabError(failures.join('\n'));
  } finally {
    await teardown.run();
  }
}
