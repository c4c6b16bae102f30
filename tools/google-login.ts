/** Login to Google Cloud without a key file. */
import { UsageError } from './command-line';
import { runSync } from './process';

/**
 * From the variable that Terraform's provider reads, otherwise from the login of gcloud.
 *
 * @param otherwise another way to provide what the login is for, as the end of a sentence
 * @throws UsageError without a login
 */
export function accessToken(otherwise = ''): string {
  const given = process.env['GOOGLE_OAUTH_ACCESS_TOKEN'];
  if (given !== undefined && given !== '') return given;
  const { exitCode, stdout } = runSync('gcloud', ['auth', 'print-access-token'], { timeout: 30_000 });
  if (exitCode === 0) return stdout.trim();
  throw new UsageError(
    `no login to Google Cloud; run 'gcloud auth login'${otherwise === '' ? ' or' : ','} set GOOGLE_OAUTH_ACCESS_TOKEN${otherwise}`,
  );
}
