/** The pipeline from end to end, with the real Terraform, for several environments at once. */
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { messageOf, type Results } from '../support/results';
import { synthesize } from '../support/synthesized';
import { log } from '../support/teardown';
import { testEnvironment } from './environment-test';

const ENVIRONMENTS = ['dev', 'prod'];

/** @throws the first failure, when all environments have finished */
export async function runTerraformLab(requested: readonly string[], results: Results): Promise<void> {
  const names = requested.length > 0 ? requested : ENVIRONMENTS;
  for (const name of names) environmentNamed(catalogue(), name);
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  await synthesize(outputFolder);
  // The provider waits for its own rate limit most of the time, so the environments share the cores well.
  const runs = await Promise.allSettled(names.map((name) => testEnvironment(name, outputFolder, results)));
  const failed = runs.flatMap((run) => (run.status === 'rejected' ? [run.reason as unknown] : []));
  for (const error of failed.slice(1)) log(messageOf(error));
  if (failed.length > 0) throw failed[0];
  process.stdout.write(`${names.join(', ')}: passed\n`);
}
