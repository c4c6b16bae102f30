/** `npm run lab:terraform [environment…]`: what the pipeline promises, with the real Terraform. Synthesize first. */
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../lab-error';
import { proveEnvironment } from './proof';

const ENVIRONMENTS = ['dev', 'prod'];

async function main(asked: readonly string[]): Promise<void> {
  const names = asked.length > 0 ? asked : ENVIRONMENTS;
  for (const name of names) environmentNamed(catalogue(), name);
  const tell = (message: string) => process.stderr.write(`${message}\n`);
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  // The provider waits for its own limit of requests most of the time, so they share the cores well.
  const results = await Promise.allSettled(names.map((name) => proveEnvironment(name, outputFolder, tell)));
  const failed = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  for (const error of failed.slice(1)) tell(error instanceof Error ? error.message : String(error));
  if (failed.length > 0) throw failed[0];
  process.stdout.write(`${names.join(', ')}: proven\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
