/**
 * Terraform and its real providers validate every stack, and plan those that need no cluster from an empty state,
 * with an invalid token and without a call to any API.
 */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { changedStacks } from '../../tools/pipeline/changed';
import { savePlan } from '../../tools/pipeline/saved-plan';
import { Terraform, type TerraformOptions } from '../../tools/pipeline/terraform';
import { catalogue } from '../../tools/catalogue';
import { selectStacks, type SynthesizedStack } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { synthesize } from '../support/synthesized';
import { orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { startClosedNetwork } from './closed-network';
import { checkLocks } from './lock-check';
import { changesOf, readPlanJson } from './plan-json';
import { prepareStates } from './prepared-state';
import { explainProviders, providerCache } from './providers';
import { copyStacks, readStack, resourceCount } from './read-stack';
import { synthesizeVariant, VARIANTS } from './switches';

/** The others read the cluster while they are planned: `verify terraform` gives them one. */
const FROM_NOTHING = ['network', 'cluster-and-asm', 'data'];
/** The provider looks up the owner of the token for its log, and continues without a reply. */
const WHOSE_TOKEN = 'openidconnect.googleapis.com:443';
/** Has more features than dev, and is not bound by the rules of production, which forbid some variants. */
const VARIED = 'staging';

export async function planFromNothing(results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, () => check(teardown, results));
  await teardown.run();
}

async function check(teardown: Teardown, results: Results): Promise<void> {
  const folder = scratchFolder(teardown, 'terraform-');
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
  await synthesize(outputFolder);
  const stacks = copyStacks(
    names.flatMap((name) => selectStacks(outputFolder, name, [])),
    join(folder, 'as-it-is'),
  );
  const test = (name: string, work: () => Promise<string>) =>
    results.step('terraform-plan', name, work, (result) => {
      process.stdout.write(`${name}: ${result}\n`);
      return result;
    });
  for (const stack of stacks) await test(`validate ${stack.id}`, () => validate(stack, online));
  await test('provider locks', async () => {
    const locks = await checkLocks(stacks, join(folder, 'locked'), online);
    return `${locks.length} for ${stacks.length} stacks; a provider with another hash is refused`;
  });
  for (const stack of stacks.filter(isPlannable))
    await test(`plan ${stack.id}`, () => plan(stack, stack.id, join(folder, 'plans'), offline));

  for (const [variant, switches] of Object.entries(VARIANTS)) {
    const variantFolder = mkdtempSync(join(folder, 'variant-'));
    const output = synthesizeVariant(variantFolder, VARIED, switches);
    const changed = changedStacks(output, outputFolder, [VARIED]).flatMap((found) => found.stacks);
    if (changed.length === 0) throw new LabError(`'${variant}' changes no stack of '${VARIED}'`);
    for (const stack of copyStacks(selectStacks(output, VARIED, changed), join(variantFolder, 'copy'))) {
      const name = `${stack.id} with ${variant}`;
      await test(`validate ${name}`, () => validate(stack, online));
      if (isPlannable(stack))
        await test(`plan ${name}`, () => plan(stack, name, join(variantFolder, 'plans'), offline));
    }
  }
  await test('no API is called', () => {
    const requested = network.requested.filter((address) => address !== WHOSE_TOKEN);
    if (requested.length > 0) throw new LabError(`a plan sent requests to ${requested.join(', ')}`);
    return Promise.resolve('confirmed');
  });
}

async function validate(stack: SynthesizedStack, options: TerraformOptions): Promise<string> {
  const terraform = new Terraform(stack, options);
  await terraform.init().catch(explainProviders);
  await terraform.validate();
  return 'valid';
}

function isPlannable({ kind }: SynthesizedStack): boolean {
  return FROM_NOTHING.includes(kind);
}

/** Outputs of earlier stacks come from prepared state files. */
async function plan(
  stack: SynthesizedStack,
  name: string,
  plans: string,
  options: TerraformOptions,
): Promise<string> {
  prepareStates(stack.folder, (output) => `prepared/${output}`);
  const started = Date.now();
  await savePlan(stack, plans, options);
  const created = changesOf(readPlanJson(plans, stack.id)).filter((change) => change.startsWith('create '));
  const expected = resourceCount(readStack(stack.folder));
  if (created.length !== expected)
    throw new LabError(`${name}: ${created.length} of ${expected} resources would be created`);
  return `${expected} to create, ${((Date.now() - started) / 1_000).toFixed(1)} s`;
}
