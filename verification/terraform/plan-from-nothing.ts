/**
 * `npm run check:terraform`: Terraform and its real providers find every stack valid, and plan those that need no
 * cluster from nothing, with a token that nobody looks at and no call to any API.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedStacks } from '../../tools/pipeline/changed';
import { savePlan } from '../../tools/pipeline/saved-plan';
import { Terraform, type TerraformOptions } from '../../tools/pipeline/terraform';
import { catalogue } from '../../tools/catalogue';
import { selectStacks, type SynthesizedStack } from '../../tools/synthesized-stacks';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../support/errors';
import { orTearDown, Teardown } from '../support/teardown';
import { startClosedNetwork } from './closed-network';
import { copyStacks } from './copied-stacks';
import { checkLocks } from './lock-check';
import { changesOf, readPlan } from './plan-json';
import { prepareStates } from './prepared-state';
import { explainProviders, providerCache } from './providers';
import { readStack, resourceCount } from './read-stack';
import { synthesizeVariant, VARIANTS } from './switches';

/** The others read the cluster while they are planned: `npm run lab:terraform` gives them one. */
const FROM_NOTHING = ['network', 'cluster-and-asm', 'data'];
/** The provider asks whose token it holds, for its log, and goes on without an answer. */
const WHOSE_TOKEN = 'openidconnect.googleapis.com:443';
/** Neither as bare as dev nor held to the rules of production, which forbid some choices. */
const VARIED = 'staging';

async function main(): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, () => check(teardown));
  await teardown.run();
}

async function check(teardown: Teardown): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'terraform-'));
  const discard = () => rmSync(folder, { recursive: true, force: true });
  teardown.add(discard, discard);
  const network = await startClosedNetwork(teardown);
  const online: TerraformOptions = {
    locks: 'locks',
    log: () => undefined,
    quiet: true,
    environment: { CI: 'false', GOOGLE_OAUTH_ACCESS_TOKEN: 'none', ...providerCache(folder) },
  };
  const offline = { ...online, environment: { ...online.environment, ...network.environment } };

  const names = catalogue().environments.map(({ name }) => name);
  const outputFolder = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const stacks = copyStacks(
    names.flatMap((name) => selectStacks(outputFolder, name, [])),
    join(folder, 'as-it-is'),
  );
  for (const stack of stacks) await validated(stack, online);
  print(`${stacks.length} stacks are valid`);
  const locks = await checkLocks(stacks, join(folder, 'locked'), online);
  print(`${locks.length} locks serve ${stacks.length} stacks, and another provider is refused`);
  for (const stack of stacks) await planned(stack, stack.id, join(folder, 'plans'), offline);

  for (const [variant, switches] of Object.entries(VARIANTS)) {
    const variantFolder = mkdtempSync(join(folder, 'variant-'));
    const output = synthesizeVariant(variantFolder, VARIED, switches);
    const changed = changedStacks(output, outputFolder, [VARIED]).flatMap((found) => found.stacks);
    if (changed.length === 0) throw new LabError(`'${variant}' changes no stack of '${VARIED}'`);
    for (const stack of copyStacks(selectStacks(output, VARIED, changed), join(variantFolder, 'copy'))) {
      await validated(stack, online);
      await planned(stack, `${stack.id} with ${variant}`, join(variantFolder, 'plans'), offline);
    }
  }
  const requested = network.requested.filter((address) => address !== WHOSE_TOKEN);
  if (requested.length > 0) throw new LabError(`a plan asked for ${requested.join(', ')}`);
  print('no API was called');
}

async function validated(stack: SynthesizedStack, options: TerraformOptions): Promise<void> {
  const terraform = new Terraform(stack, options);
  await terraform.init().catch(explainProviders);
  await terraform.validate();
}

/** What earlier stacks would have put out comes from prepared state files. */
async function planned(
  stack: SynthesizedStack,
  name: string,
  plans: string,
  options: TerraformOptions,
): Promise<void> {
  if (!FROM_NOTHING.includes(stack.kind)) return;
  prepareStates(stack.folder, (output) => `prepared/${output}`);
  const started = Date.now();
  await savePlan(stack, plans, options);
  const created = changesOf(readPlan(plans, stack.id)).filter((change) => change.startsWith('create '));
  const expected = resourceCount(readStack(stack.folder));
  if (created.length !== expected)
    throw new LabError(`${name}: ${created.length} of ${expected} resources would be created`);
  print(`${name}: ${expected} to create, ${((Date.now() - started) / 1_000).toFixed(1)} s`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
