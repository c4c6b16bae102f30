/** `npm run lab:guard`: the canary guard and its policies, as they are deployed, against a real API server. */
import { canaryOf } from '../../model/canary/ceiling';
import { CatalogueError } from '../../model/source/fault';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { UsageError } from '../../tools/usage-error';
import { judge, type Verdict } from '../claim';
import { LabError } from '../lab-error';
import { scratchFolder } from '../scratch-folder';
import { synthesize } from '../synthesized';
import { orTearDown, Teardown } from '../teardown';
import { policyClaims } from './policy-claims';
import { startShop } from './shop';

const ENVIRONMENT = 'prod';

async function main(): Promise<void> {
  const teardown = new Teardown();
  const verdicts = await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-guard-');
    await synthesize(folder);
    const environment = environmentNamed(catalogue(), ENVIRONMENT);
    const shop = await startShop(teardown, environment, folder);
    const [service] = environment.services.filter((candidate) => canaryOf(candidate));
    if (service === undefined) throw new LabError(`no canary runs in '${ENVIRONMENT}'`);
    return [...(await judge(policyClaims(shop, service), report))];
  });
  await teardown.run();
  const broken = verdicts.filter(({ kept }) => !kept);
  process.stdout.write(`${verdicts.length - broken.length} of ${verdicts.length} claims kept\n`);
  if (broken.length > 0) process.exitCode = 1;
}

function report({ id, title, kept, seen, ms }: Verdict): void {
  process.stdout.write(`${kept ? 'kept  ' : 'BROKEN'}  ${id}: ${title} (${ms} ms)\n`);
  if (!kept) process.stdout.write(`        ${seen}\n`);
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
