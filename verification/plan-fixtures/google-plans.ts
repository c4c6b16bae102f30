/** Plans of stacks that need no cluster: from an empty state, and from the planned values of a first plan. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applySavedPlan, savePlan } from '../../tools/pipeline/saved-plan';
import type { TerraformOptions } from '../../tools/pipeline/terraform';
import type { SynthesizedStack } from '../../tools/synthesized-stacks';
import { withFolder } from '../../tools/with-folder';
import { explainProviders } from '../terraform/providers';
import type { Keep } from './cluster-plans';
import { DATABASE_RESIZED, DATABASE_REPLACED } from './scenarios';
import { protectionOn, settingsOff, settingsOn, withoutProtection, withArchiveAlone } from './google-patches';
import { stateOfPlan } from './state-of-plan';
import { synthesizeCatalogueVariant, type StackFile } from './variant';

export async function planGoogle(keep: Keep): Promise<void> {
  const data = await planFrom('test-data', synthesizeCatalogueVariant({}, 'test-data'), undefined);
  keep('first-deploy', 'test-data', data);
  const state = stateOfPlan(data, JSON.parse(synthesizeCatalogueVariant({}, 'test-data')) as StackFile);
  keep(
    'database-replaced',
    'test-data',
    await planFrom('test-data', synthesizeCatalogueVariant(DATABASE_REPLACED, 'test-data'), state),
  );
  keep(
    'database-resized',
    'test-data',
    await planFrom('test-data', synthesizeCatalogueVariant(DATABASE_RESIZED, 'test-data'), state),
  );

  keep(
    'first-deploy',
    'test-network',
    await planFrom('test-network', synthesizeCatalogueVariant({}, 'test-network'), undefined),
  );
  keep(
    'publicly-exposed',
    'test-network',
    await planFrom('test-network', synthesizeCatalogueVariant({ patch: open }, 'test-network'), undefined),
  );
  await planChange(keep, 'protection-off', 'test-network', protectionOn, withoutProtection);
  await planChange(keep, 'protection-on', 'test-network', withoutProtection, protectionOn);
  for (const stack of ['test-network', 'test-cluster-and-asm']) {
    await planChange(keep, 'settings-weakened', stack, settingsOn, settingsOff);
    await planChange(keep, 'settings-restored', stack, settingsOff, settingsOn);
  }
  for (const stack of ['test-network', 'test-data', 'test-cluster-and-asm'])
    await planChange(keep, 'stacks-emptied', stack, withArchiveAlone, empty);
}

type Patch = (stack: StackFile) => void;

/** Plans one patch of the stack from the planned values of another. */
async function planChange(
  keep: Keep,
  scenario: string,
  id: string,
  before: Patch,
  after: Patch,
): Promise<void> {
  const was = synthesizeCatalogueVariant({ patch: before }, id);
  const state = stateOfPlan(await planFrom(id, was, undefined), JSON.parse(was) as StackFile);
  keep(scenario, id, await planFrom(id, synthesizeCatalogueVariant({ patch: after }, id), state));
}

/** Removes everything, with Terraform's own protection of it. */
function empty(stack: StackFile): void {
  for (const block of ['resource', 'output', 'data']) Reflect.deleteProperty(stack, block);
}

/** A changed password, which no review may show. The resource is built into Terraform, so it is really applied. */
export async function planSecret(keep: Keep): Promise<void> {
  const stack = (password: string) =>
    JSON.stringify({
      terraform: { backend: { local: { path: '../../../state/test-secret.tfstate' } } },
      variable: { password: { sensitive: true, default: password } },
      resource: { terraform_data: { login: { input: { user: 'shop', password: '${var.password}' } } } },
    });
  await withFolder('plans-', async (folder) => {
    const place = placeOf(folder, 'test-secret');
    writeFileSync(join(place.stack.folder, 'cdk.tf.json'), stack('first-word'));
    const { sha256 } = await savePlan(place.stack, place.plans, place.options);
    await applySavedPlan(place.stack, place.plans, sha256, place.options);
    writeFileSync(join(place.stack.folder, 'cdk.tf.json'), stack('second-word'));
    await savePlan(place.stack, place.plans, place.options);
    keep('sensitive-value', 'test-secret', planIn(place));
  });
}

/** A port open to the internet, and a role for all users. */
function open({ resource }: StackFile): void {
  resource['google_compute_firewall'] = {
    everybody: {
      name: 'everybody',
      network: '${google_compute_network.network_vpc.name}',
      source_ranges: ['0.0.0.0/0'],
      allow: [{ protocol: 'tcp', ports: ['22'] }],
    },
  };
  resource['google_project_iam_member'] = {
    everybody: { project: 'shop-test-example', role: 'roles/viewer', member: 'allUsers' },
  };
}

function planFrom(id: string, text: string, state: string | undefined): Promise<unknown> {
  return withFolder('plans-', async (folder) => {
    const place = placeOf(folder, id);
    writeFileSync(join(place.stack.folder, 'cdk.tf.json'), text);
    // The path of the shop's local backend.
    if (state !== undefined) writeFileSync(join(folder, 'state', `${id}.tfstate`), state);
    process.env['TF_CLI_ARGS_plan'] = '-refresh=false';
    await savePlan(place.stack, place.plans, place.options)
      .catch(explainProviders)
      .finally(() => delete process.env['TF_CLI_ARGS_plan']);
    return planIn(place);
  });
}

interface Place {
  readonly stack: SynthesizedStack;
  readonly plans: string;
  readonly options: TerraformOptions;
}

/** Folders of one stack in the layout of synth. */
function placeOf(root: string, id: string): Place {
  const folder = join(root, 'cdktf.out', 'stacks', id);
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(root, 'state'));
  return {
    stack: { id, kind: id.slice('test-'.length), folder, dependencies: [] },
    plans: join(root, 'plans'),
    options: {
      locks: join(root, 'locks'),
      log: () => undefined,
      quiet: true,
      environment: { GOOGLE_OAUTH_ACCESS_TOKEN: 'none', CI: 'false' },
    },
  };
}

function planIn({ plans, stack }: Place): unknown {
  return JSON.parse(readFileSync(join(plans, `${stack.id}.json`), 'utf8')) as unknown;
}
