/** `npm run lab:terraform [environment…]`: what the pipeline promises, with the real Terraform. Synthesize first. */
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../support/errors';
import { testEnvironment } from './environment-test';

const ENVIRONMENTS = ['dev', 'prod'];

async function main(requested: readonly string[]): Promise<void> {
  const names = requested.length > 0 ? requested : ENVIRONMENTS;
  for (const name of names) environmentNamed(catalogue(), name);
  const log = (message: string) => process.stderr.write(`${message}\n`);
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  // The provider waits for its own limit of requests most of the time, so they share the cores well.
  const results = await Promise.allSettled(names.map((name) => testEnvironment(name, outputFolder, log)));
  const failed = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  for (const error of failed.slice(1)) log(error instanceof Error ? error.message : String(error));
  if (failed.length > 0) throw failed[0];
  process.stdout.write(`${names.join(', ')}: proven\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
