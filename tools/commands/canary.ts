/** `mesh canary`: moves a release on, in its file and nowhere else. */
import { Command, Option } from 'commander';
import {
  advance,
  finish,
  lift,
  pause,
  rollback,
  start,
  type CommandOutcome,
} from '../canary-release/release-commands';
import { writeRelease } from '../canary-release/release-file';
import { Session, type Sources } from '../canary-release/session';
import { renderStatus, statusOf } from '../canary-release/status';
import { UsageError } from '../usage-error';

interface Options extends Sources {
  readonly env: string;
  readonly json?: true;
  readonly image?: string;
  readonly reason?: string;
  readonly lift?: true;
}

export function canaryCommand(folder: string, print: (text: string) => void): Command {
  const command = new Command('canary').description(
    'moves a release of a second version on: edits releases/<environment>.yaml, for a plan to apply',
  );

  const add = (
    name: string,
    description: string,
    run: (session: Session, options: Options) => CommandOutcome | Promise<CommandOutcome>,
  ) =>
    withSources(command.command(`${name} <service>`).description(description)).action(
      async (service: string, options: Options) => {
        const session = open(folder, service, options);
        printOutcome(await run(session, options), session, options, print);
      },
    );

  withSources(
    command
      .command('status <service>')
      .description('where the release stands, and why it must not go on yet'),
  ).action(async (service: string, options: Options) => {
    const session = open(folder, service, options);
    const status = await statusOf(session);
    print(options.json ? JSON.stringify(status, null, 2) : renderStatus(status, session));
  });
  add('start', 'brings up the new version without traffic', (session, { image }) =>
    start(session, image),
  ).option('--image <reference>', 'image of the new version');
  add('advance', 'gives the new version its next share, if nothing speaks against it', advance);
  add('pause', 'holds the release at its share', (session, options) => {
    if (options.lift) return lift(session);
    if (options.reason === undefined)
      throw new UsageError('say why with --reason, or begin again with --lift');
    return pause(session, options.reason);
  })
    .option('--reason <text>', 'for whoever wonders')
    .option('--lift', 'begins the step again');
  add('rollback', 'takes all traffic from the new version, for good', rollback);
  add('finish', 'promotes the new version, or removes a rolled back one; one move at a time', finish);
  return command;
}

function withSources(command: Command): Command {
  return command
    .requiredOption('--env <environment>', 'environment')
    .option('--json', 'for programs')
    .addOption(
      new Option(
        '--metrics <source>',
        'address of a Prometheus, or file with evidence; otherwise Cloud Monitoring',
      ),
    )
    .addOption(
      new Option('--weight-caps <file>', 'ConfigMaps of the guard as JSON; otherwise kubectl is asked'),
    )
    .addOption(new Option('--deployments <file>', 'Deployments as JSON; otherwise kubectl is asked'));
}

function open(folder: string, service: string, options: Options): Session {
  return Session.open(folder, { service, environment: options.env }, options, new Date());
}

function printOutcome(
  run: CommandOutcome,
  session: Session,
  options: Options,
  print: (text: string) => void,
): void {
  const { service, environment } = session;
  const subject = { service: service.catalogueName, environment: environment.name };
  if ('blockers' in run) {
    if (options.json) print(JSON.stringify({ ...subject, moved: false, blockers: run.blockers }, null, 2));
    throw new UsageError(
      run.blockers
        .map(({ rule, fix }) => `${service.catalogueName} in ${environment.name}: ${rule}; ${fix}`)
        .join('\n'),
    );
  }
  writeRelease(
    session.folder,
    environment.name,
    service.catalogueName,
    run.edits,
    session.nowText.slice(0, 10),
  );
  const { done, next } = run;
  print(
    options.json
      ? JSON.stringify({ ...subject, moved: true, done, next }, null, 2)
      : `${service.catalogueName} in ${environment.name}: ${done}; ${next}`,
  );
}
