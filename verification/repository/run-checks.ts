import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import type { Results } from '../support/results';
import { log, Teardown } from '../support/teardown';
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
    const { status, output } = await run(program, args);
    if (status !== 0) return `${program} ${args.join(' ')} ended with ${status}\n${output}`;
  }
  return undefined;
}

/** Output is passed on as it comes, and collected for the report. */
async function run(program: string, args: readonly string[]) {
  const root = projectRoot();
  const teardown = new Teardown();
  const child = spawn(program, args, {
    cwd: root,
    env: {
      ...process.env,
      PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
      ...(process.stdout.isTTY && { FORCE_COLOR: '1' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  teardown.add(
    () => void child.kill(),
    () => child.kill(),
  );
  let output = '';
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const)
    from.on('data', (text: Buffer) => {
      output += text.toString();
      to.write(text);
    });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  await teardown.run();
  return { status: code ?? signal, output };
}
