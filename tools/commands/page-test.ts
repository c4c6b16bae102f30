import { Command } from 'commander';
import { catalogue } from '../catalogue';
import { positiveNumber, print } from '../command-line';
import { accessToken } from '../google-login';
import { interruptible } from '../interruptible';
import { Monitoring, monitoringOf } from '../page-test/monitoring';
import { testPages } from '../page-test/page-test';
import { withProgress } from '../progress';
import { environmentNamed } from '../selection';

const OPEN_WITHIN_SECONDS = 600;

export function pageTestCommand(): Command {
  return new Command('page-test')
    .description(
      'Send one harmless page and one ticket through every notification channel of an environment.',
    )
    .requiredOption('--env <environment>', 'environment (required)')
    .option(
      '--deliver <seconds>',
      'time for the delivery, after the incidents have opened',
      positiveNumber,
      180,
    )
    .action(async ({ env, deliver }: { env: string; deliver: number }) => {
      const environment = environmentNamed(catalogue(), env);
      const monitoring = new Monitoring(environment.project.id, monitoringOf(accessToken()));
      const sent = await withProgress((progress) =>
        interruptible((signal) =>
          testPages(environment, {
            monitoring,
            signal,
            openWithinSeconds: OPEN_WITHIN_SECONDS,
            deliverSeconds: deliver,
            onStep: (step) => progress.next(step),
          }),
        ),
      );
      print(`page sent to ${sent.page.join(', ')}`);
      print(`ticket sent to ${sent.ticket.join(', ')}`);
      print('the policies are removed; ask each recipient whether the message arrived');
    });
}
