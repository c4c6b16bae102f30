import { delimiter, join } from 'node:path';
import { run } from '../../tools/process';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import type { Results } from '../support/results';
import { log } from '../support/teardown';
import { CHECKS, DEFAULT_CHECKS, type CheckName } from './checks';

/** Runs every check, whatever fails. */
export async function runChecks(requested: readonly string[], results: Results): Promise<void> {
  const unknown = requested.find((name) => !(name in CHECKS));
  if (unknown !== undefined)
    throw new LabError(`'${unknown}' is not a check; use one of ${Object.keys(CHECKS).join(', ')}`);
  const names = requested.length > 0 ? (requested as readonly CheckName[]) : DEFAULT_CHECKS;
  for (const name of names) {
    const started = performance.now();
    const failure = await failureOf(name);
    const seconds = (performance.now() - started) / 1_000;
    log(`${name}: ${failure === undefined ? 'passed' : 'FAILED'}, ${seconds.toFixed(0)} s`);
    results.add('check', { name, seconds, ...(failure !== undefined && { failure }) });
  }
}

async function failureOf(name: CheckName): Promise<string | undefined> {
  for (const [program, ...args] of CHECKS[name].commands) {
    const { exitCode, signal, code, all } = await runShown(program, args);
    if (exitCode !== 0)
      return `${program} ${args.join(' ')} ended with ${exitCode ?? signal ?? code}\n${all}`;
  }
  return undefined;
}

/** Output is passed on as it comes, and collected for the report. */
function runShown(program: string, args: readonly string[]) {
  const root = projectRoot();
  return run(program, args, {
    cwd: root,
    env: {
      ...process.env,
      PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
    },
    stdout: ['pipe', 'inherit'],
    stderr: ['pipe', 'inherit'],
    all: true,
  });
}
