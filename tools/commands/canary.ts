/** `mesh canary`: every command edits the release file and nothing else. */
import { Command } from 'commander';
import { outcomeOf, type CommandOutcome, type ReleaseCommand } from '../canary-release/command';
import { finish } from '../canary-release/finish';
import { advance, lift, pause, rollback, start } from '../canary-release/release-commands';
import { writeRelease } from '../canary-release/release-file';
import { gatherReadable, readRelease, type CommittedRelease, type Sources } from '../canary-release/snapshot';
import { renderStatus, statusNeeds, statusOf } from '../canary-release/status';
import { UsageError } from '../command-line';

interface Options extends Sources {
  readonly env: string;
  readonly json?: true;
  readonly image?: string;
  readonly reason?: string;
  readonly lift?: true;
}

/** @param clock time of the edit. @default the machine's */
export function canaryCommand(
  folder: string,
  print: (text: string) => void,
  clock: () => Date = () => new Date(),
): Command {
  const command = new Command('canary').description(
    'Release a new version step by step. Edits releases/<environment>.yaml only; plan and apply deploy it.',
  );
  const release = (service: string, { env }: Options) =>
    readRelease(folder, { service, environment: env }, clock());

  const add = (name: string, description: string, select: (options: Options) => ReleaseCommand) =>
    withSources(command.command(`${name} <service>`).description(description)).action(
      async (service: string, options: Options) => {
        const committed = release(service, options);
        const outcome = await outcomeOf(select(options), committed, options);
        apply(outcome, committed, folder, options, print);
      },
    );

  withSources(
    command.command('status <service>').description('Print the state of the release and what blocks it.'),
  ).action(async (service: string, options: Options) => {
    const committed = release(service, options);
    const { snapshot, unknown } = await gatherReadable(committed, statusNeeds(committed), options);
    const status = statusOf(snapshot, unknown);
    print(options.json ? JSON.stringify(status, null, 2) : renderStatus(status, committed.service));
  });
  add('start', 'Start the new version without traffic.', ({ image }) => start(image)).option(
    '--image <reference>',
    'image of the new version',
  );
  add(
    'advance',
    'Give the new version its next share of the requests, if no check blocks it.',
    () => advance,
  );
  add('pause', 'Stay at the current share until the pause is lifted.', (options) => {
    if (options.lift) return lift;
    if (options.reason === undefined) throw new UsageError('pause has no reason; set --reason or --lift');
    return pause(options.reason);
  })
    .option('--reason <text>', 'shown by status and advance')
    .option('--lift', 'end the pause and restart the step');
  add('rollback', 'Take all traffic from the new version and end its release.', () => rollback);
  add(
    'finish',
    'Promote the new version, or remove one that was rolled back. Run it after each apply.',
    () => finish,
  );
  return command;
}

function withSources(command: Command): Command {
  return command
    .requiredOption('--env <environment>', 'environment (required)')
    .option('--json', 'print JSON')
    .option(
      '--metrics <source>',
      'address of a Prometheus, or file with evidence (default: Cloud Monitoring)',
    )
    .option('--weight-caps <file>', 'ConfigMaps of the weight caps as JSON (default: kubectl)')
    .option('--deployments <file>', 'Deployments as JSON (default: kubectl)');
}

function apply(
  outcome: CommandOutcome,
  { service, environment, now }: CommittedRelease,
  folder: string,
  { json }: Options,
  print: (text: string) => void,
): void {
  const subject = { service: service.catalogueName, environment: environment.name };
  const prefix = `${subject.service} in ${subject.environment}`;
  if ('blockers' in outcome) {
    if (json) print(JSON.stringify({ ...subject, changed: false, blockers: outcome.blockers }, null, 2));
    throw new UsageError(
      outcome.blockers.map(({ reason, fix }) => `${prefix}: ${reason}; ${fix}`).join('\n'),
    );
  }
  const { edits, done, next } = outcome;
  writeRelease(folder, subject.environment, subject.service, edits, now.slice(0, 10));
  print(
    json ? JSON.stringify({ ...subject, changed: true, done, next }, null, 2) : `${prefix}: ${done}; ${next}`,
  );
}
