/** The command that runs every stack against a Google Cloud on loopback. */
import type { Command } from 'commander';
import { testCommand } from './test-command';

export function addCloudLab(program: Command): void {
  // Otherwise `--google-only` after `cloud-lab edits` is an option of cloud-lab.
  program.enablePositionalOptions();
  const cloudLab = program
    .command('cloud-lab')
    .description(
      'apply, plan again and destroy all stacks with the real providers, on a Google Cloud on loopback',
    )
    .enablePositionalOptions();
  testCommand(
    cloudLab
      .argument('[environments...]', 'default: dev and prod')
      .option('--no-destroy', 'end after the last apply')
      .option('--google-only', 'leave Kubernetes objects out; needs no API server')
      .option('--rebuild', 'apply again after the destruction, in the same project')
      .option('--record', 'write the transcripts that cloud-lab judge reads'),
    async (
      results,
      environments: string[],
      options: { destroy: boolean; googleOnly?: true; rebuild?: true; record?: true },
    ) => (await import('../cloud-lab/main.js')).runCloudLab({ environments, ...options }, results),
  );
  testCommand(
    cloudLab
      .command('judge')
      .description('judge the committed transcripts again; needs neither Terraform nor its providers'),
    async (results) => (await import('../cloud-lab/judge-transcripts.js')).judgeTranscripts(results),
  );
  testCommand(
    cloudLab
      .command('regressions')
      .description('put known defects back one by one: each apply must fail')
      .argument('[environment]', 'one with an attestor and Kiali', 'staging')
      .option('--only <text>', 'put the defects back whose name contains the text', ''),
    async (results, environment: string, { only }: { only: string }) =>
      (await import('../cloud-lab/main.js')).runRegressions(environment, only, results),
  );
  testCommand(
    cloudLab
      .command('fault-injection')
      .description(
        'let requests fail, and end Terraform, during an apply; another apply or a runbook completes it',
      )
      .option('--only <text>', 'run the scenarios whose name contains the text', ''),
    async (results, { only }: { only: string }) =>
      (await import('../cloud-lab/main.js')).runFaults(only, results),
  );
  testCommand(
    cloudLab
      .command('edits')
      .description(
        'edit the running environment of a small shop: each plan is reviewed, applied and compared',
      )
      .option('--env <environment>', 'dev or prod', 'dev')
      .option('--only <text>', 'run the scenarios whose name contains the text', '')
      .option('--google-only', 'leave Kubernetes objects out; needs no API server')
      .option('--work <folder>', 'keep the progress here')
      .option('--resume', 'continue after the last finished scenario in --work'),
    async (
      results,
      options: { env: string; only: string; googleOnly?: true; work?: string; resume?: true },
    ) => (await import('../cloud-lab/edits/main.js')).runEdits(options, results),
  );
  testCommand(
    cloudLab
      .command('switches')
      .description('apply and destroy a small shop with every pair of switches of an environment')
      .option('--only <text>', 'run the combinations whose name contains the text', '')
      .option('--google-only', 'leave Kubernetes objects out; needs no API server'),
    async (results, options: { only: string; googleOnly?: true }) =>
      (await import('../cloud-lab/switch-test/main.js')).runSwitches(options, results),
  );
  testCommand(
    cloudLab
      .command('first-deploy')
      .description('execute the runbook first-deploy.md with a small shop')
      .argument('[environment]', 'dev by cdktf, prod by waves', 'dev'),
    async (results, environment: string) =>
      (await import('../cloud-lab/main.js')).runFirstDeploy(environment, results),
  );
}
