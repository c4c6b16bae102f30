import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addCatalogue } from '../../verification/commands/catalogue';
import { addCloudLab } from '../../verification/commands/cloud-lab';
import { addLabs } from '../../verification/commands/labs';
import { addRepository } from '../../verification/commands/repository';
import { addTerraform } from '../../verification/commands/terraform';
import { wholeNumber } from '../../tools/command-line';
import { testCommand } from '../../verification/commands/test-command';
import { CHECKS } from '../../verification/repository/checks';
import { LabError } from '../../verification/support/errors';
import { renderJunit } from '../../verification/support/junit';
import { Results } from '../../verification/support/results';

let folder: string;
let report: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  report = join(folder, 'reports', 'report.xml');
});
afterEach(() => {
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

function verify(run: (results: Results, options: { inputs: number }) => Promise<void>): Promise<unknown> {
  const program = new Command('verify').exitOverride();
  testCommand(program.command('fuzz').option('--inputs <count>', 'number', wholeNumber, 7), run);
  return program.parseAsync(['fuzz', '--junit', report], { from: 'user' });
}

test('a command gets its options and writes a report', async () => {
  await verify((results, { inputs }) => {
    results.add('fuzz', { name: `${inputs} inputs`, seconds: 1.5 });
    return Promise.resolve();
  });

  expect(readFileSync(report, 'utf8')).toContain('<testcase classname="fuzz" name="7 inputs" time="1.500"/>');
  expect(process.exitCode).toBeUndefined();
});

test('an option after a sub-command is its own', async () => {
  const program = new Command('verify').exitOverride();
  addCloudLab(program);
  const cloudLab = program.commands.find((command) => command.name() === 'cloud-lab');
  const edits = cloudLab?.commands.find((command) => command.name() === 'edits');
  edits?.action(() => undefined);
  await program.parseAsync(['cloud-lab', 'edits', '--google-only'], { from: 'user' });

  expect(edits?.opts()).toMatchObject({ googleOnly: true });
  expect(cloudLab?.opts()).not.toHaveProperty('googleOnly');
});

test('a failed test ends the command with exit code 1', async () => {
  await verify((results) => {
    results.add('fuzz', { name: 'input 3', seconds: 0, failure: 'hangs' });
    return Promise.resolve();
  });

  expect(readFileSync(report, 'utf8')).toContain('<failure message="hangs">hangs</failure>');
  expect(process.exitCode).toBe(1);
});

test('a command that cannot run leaves a report with a failure', async () => {
  await expect(verify(() => Promise.reject(new LabError('install Go 1.26 or newer')))).rejects.toThrow(
    'install Go 1.26 or newer',
  );

  expect(readFileSync(report, 'utf8')).toContain('<failure message="install Go 1.26 or newer">');
});

test('a step that fails is recorded once, with its message, and its error is passed on', async () => {
  const results = new Results('terraform');
  await results.step(
    'dev',
    'first plan',
    () => 3,
    (changes) => `${changes} changes`,
  );
  const failing = results.step('dev', 'apply', () => Promise.reject(new Error('refused')));

  await expect(failing).rejects.toThrow('refused');
  expect([results.total, results.failed]).toEqual([2, 1]);
  expect(results.suites).toEqual([
    {
      name: 'dev',
      tests: [
        { name: 'first plan', seconds: expect.any(Number), output: '3 changes' },
        { name: 'apply', seconds: expect.any(Number), failure: 'refused' },
      ],
    },
  ]);
});

test('a report counts its tests, and escapes what XML cannot hold', () => {
  expect(
    renderJunit([
      {
        name: 'a & b',
        tests: [
          { name: 'passes', seconds: 0.25, output: '\u001b[32m<ok>' },
          { name: 'fails', seconds: 1, failure: 'expected "1"\nbut got 2' },
          { name: 'is skipped', seconds: 0, skipped: 'needs root' },
        ],
      },
    ]),
  ).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" skipped="1" time="1.250">
  <testsuite name="a &amp; b" tests="3" failures="1" skipped="1" time="1.250">
    <testcase classname="a &amp; b" name="passes" time="0.250"><system-out>[32m&lt;ok&gt;</system-out></testcase>
    <testcase classname="a &amp; b" name="fails" time="1.000"><failure message="expected &quot;1&quot;">expected &quot;1&quot;
but got 2</failure></testcase>
    <testcase classname="a &amp; b" name="is skipped" time="0.000"><skipped message="needs root"/></testcase>
  </testsuite>
</testsuites>
`);
});

describe('the program', () => {
  const program = new Command('verify');
  for (const add of [addLabs, addTerraform, addCatalogue, addRepository]) add(program);

  test('describes every command', () => {
    expect(program.commands.length).toBeGreaterThan(15);
    for (const command of program.commands)
      expect([command.name(), command.description()]).toEqual([
        command.name(),
        expect.stringMatching(/^[A-Z].*\.$/),
      ]);
  });

  test('is listed in full by the README of verification', () => {
    const page = readFileSync('verification/README.md', 'utf8');

    for (const command of program.commands)
      expect([command.name(), page.includes(`| \`${command.name()}\``)]).toEqual([command.name(), true]);
  });

  test('checks the repository by scripts that exist', () => {
    const scripts = Object.values(CHECKS).flatMap(({ commands }) =>
      commands.flatMap(([, ...args]) => args.filter((arg) => arg.startsWith('.ci/'))),
    );

    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter((script) => !existsSync(script))).toEqual([]);
  });
});
