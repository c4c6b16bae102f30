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
import { BETWEEN_MINUTES, MISSING_SAMPLES, ON_THE_MINUTE, type SampleTimes } from './sample-times';

/** Prometheus 3 does not count a sample at the start of a range, as if every sample were between minutes. */
const ROUNDS: readonly (readonly [engine: string, promtool: string, SampleTimes])[] = [
  ['Prometheus 2', 'promtool', ON_THE_MINUTE],
  ['Prometheus 2', 'promtool', BETWEEN_MINUTES],
  ['Prometheus 2', 'promtool', MISSING_SAMPLES],
  ['Prometheus 3', 'promtool3', BETWEEN_MINUTES],
  ['Prometheus 3', 'promtool3', MISSING_SAMPLES],
];

/** @param requested names of environments; default: those in production */
export async function replayAlerts(requested: readonly string[], results: Results): Promise<void> {
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const known = catalogue();
  const production = known.environments.filter((environment) => environment.production);
  const names = requested.length > 0 ? requested : production.map(({ name }) => name);
  const tools = await labTools(['prometheus', 'prometheus3'], log);
  const policies = names.map(
    (name) => [environmentNamed(known, name), alertPolicies(outputFolder, name)] as const,
  );
  for (const [engine, promtool, times] of ROUNDS) {
    const cases = policies.flatMap(([environment, expressions]) =>
      promtoolCases(environment, expressions, times),
    );
    const incidents = cases.reduce((sum, { tests }) => sum + tests.length, 0);
    const checks = cases.reduce((sum, one) => sum + one.checks, 0);
    log(`replaying ${incidents} incidents in ${engine}: ${times.name}`);
    await replay(toolPath(tools, promtool), engine, cases, results);
    const within = times.errorMinutes === 0 ? '' : `, within ${times.errorMinutes} min`;
    process.stdout.write(
      `${cases.length} alerts of ${names.join(', ')} in ${engine}, ${times.name}: ${incidents} incidents with ${checks} checks, all as in the table of 'mesh slo'${within}\n`,
    );
  }
}

/** In as many processes as there are cores. */
async function replay(
  promtool: string,
  engine: string,
  cases: readonly PromtoolCase[],
  results: Results,
): Promise<void> {
  const teardown = new Teardown();
  const folder = scratchFolder(teardown, 'mesh-slo-');
  const shares = availableParallelism();
  try {
    const runs = Array.from({ length: shares }, async (_, share) => {
      const file = join(folder, `${share}.json`);
      const tests = cases.filter((_case, index) => index % shares === share).flatMap((one) => one.tests);
      writeFileSync(file, JSON.stringify({ rule_files: [], evaluation_interval: '30s', tests }));
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
          name: `${name}, ${engine}`,
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
