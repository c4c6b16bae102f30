/** `mesh release`: images of services, from environment to environment. */
import { Command } from 'commander';
import { positiveNumber, UsageError } from '../command-line';
import { attestImages } from '../release/attest/attest';
import { changedReleases, checkReleases, renderCheck, type CheckRequest } from '../release/check';
import { releaseStatus, renderReleaseStatus } from '../release/status';
import { setRelease, type Hotfix, type SetOutcome } from '../release/set';

interface SetOptions {
  readonly env: string;
  readonly image?: string;
  readonly from?: string;
  readonly version?: string;
  readonly hotfix?: string;
  readonly ticket?: string;
  readonly json?: true;
}

/** @param clock time of the edit. @default the machine's */
export function releaseCommand(
  folder: string,
  print: (text: string) => void,
  clock: () => Date = () => new Date(),
): Command {
  const command = new Command('release').description(
    'Ship images: write release files, promote between environments, sign. Deploys nothing.',
  );
  command
    .command('set <service>')
    .description('Write the image of a service into releases/<environment>.yaml.')
    .requiredOption('--env <environment>', 'environment (required)')
    .option('--image <reference>', 'image with its digest: …@sha256:…')
    .option('--from <environment>', "promote this environment's stable image, in the registry of --env")
    .option('--version <version>', 'v1, or the canary version, which starts without traffic (default: v1)')
    .option('--hotfix <reason>', 'ship before the image has run in the former environment long enough')
    .option('--ticket <id>', 'incident or ticket of the hotfix')
    .option('--json', 'print JSON')
    .action((service: string, options: SetOptions) => {
      const { env, image, from, version, json } = options;
      const request = { service, environment: env, image, from, version, hotfix: hotfixOf(options) };
      const outcome = setRelease(folder, request, clock());
      print(json ? JSON.stringify(outcome, null, 2) : renderOutcome(outcome));
    });
  command
    .command('status [service]')
    .description('Show what runs where and since when, and what waits for its promotion.')
    .option('--json', 'print JSON')
    .action((service: string | undefined, { json }: { readonly json?: true }) => {
      const now = clock();
      const status = releaseStatus(folder, service, now);
      print(json ? JSON.stringify(status, null, 2) : renderReleaseStatus(status, now));
    });
  command
    .command('attest <service>')
    .description('Copy an image into the registry of an environment, wait for its scan, and sign it.')
    .requiredOption('--env <environment>', 'environment (required)')
    .option('--image <reference>', 'image with its digest (default: the images in the release file)')
    .option('--from <environment>', 'copy from the registry of this environment, if its attestation is valid')
    .option('--wait <minutes>', 'longest time to wait for the scan', positiveNumber, 15)
    .action(async (service: string, { env, image, from, wait }: AttestOptions) => {
      const request = { service, environment: env, image, from, waitMinutes: wait };
      await attestImages(folder, request, clock(), print);
    });
  const withBase = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .requiredOption('--base <ref>', 'commit, branch or tag before the change (required)')
      .option('--change <folder>', 'folder of the changed catalogue (default: the catalogue)');
  withBase(
    'check',
    'Check the releases of a change: steps of canaries, and that images have run where they are promoted from.',
  )
    .option('--env <environment>', 'one environment only')
    .option(
      '--deployments <file>',
      'Deployments of the environment to promote from, as JSON (default: kubectl)',
    )
    .option('--login', 'fetch the credentials of its cluster with gcloud first')
    .action((options: CheckOptions) => {
      const report = checkReleases(requestOf(options), clock());
      print(renderCheck(report));
      if (report.violations.length > 0) process.exitCode = 1;
    });
  withBase('changed', 'Print the environments whose releases change, as JSON for a pipeline.').action(
    (options: CheckOptions) => print(JSON.stringify(changedReleases(requestOf(options), clock()))),
  );
  return command;

  function requestOf({ base, change, env, deployments, login = false }: CheckOptions): CheckRequest {
    return { base, folder, change, environment: env, deployments, login };
  }
}

interface AttestOptions {
  readonly env: string;
  readonly image?: string;
  readonly from?: string;
  readonly wait: number;
}

interface CheckOptions {
  readonly base: string;
  readonly change?: string;
  readonly env?: string;
  readonly deployments?: string;
  readonly login?: boolean;
}

function hotfixOf({ hotfix, ticket }: SetOptions): Hotfix | undefined {
  if (hotfix === undefined && ticket === undefined) return undefined;
  if (hotfix === undefined || ticket === undefined)
    throw new UsageError('a hotfix needs a reason and a ticket; set both --hotfix and --ticket');
  return { reason: hotfix, ticket };
}

function renderOutcome({ service, environment, done, next }: SetOutcome): string {
  return [
    `${service} in ${environment}: ${done}`,
    ...next.map((step, index) => `  ${index + 1}. ${step}`),
  ].join('\n');
}
