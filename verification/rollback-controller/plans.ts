/**
 * `npm run lab:guard-plans`: a canary is rolled back and paused between plan and apply, with the real Terraform and
 * its real providers. Of mesh-policies it takes the canary's own part: the rest would be read at each of the plans.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaryVersion } from '../../model/canary/weight-cap';
import { CatalogueError } from '../../model/source/violation';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { selectStacks } from '../../tools/synthesized-stacks';
import { UsageError } from '../../tools/usage-error';
import { LabError } from '../support/errors';
import { synthesize } from '../support/synthesized';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { startTerraformRig } from '../terraform/rig';
import { provePlans } from './plan-test';
import { change, STARTED_AT, writeVariant } from './variant';

const ENVIRONMENT = 'prod';
const SERVICE = 'checkout';
/** Addresses of the canary's own part. */
const PART = /^(canary|purchasing_domain|checkout_(api_)?virtual_service)/;

interface Stack {
  readonly resource: Record<string, Record<string, { depends_on?: string[] }>>;
  readonly data: Record<string, unknown>;
  readonly output?: unknown;
}

async function main(): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'lab-guard-plans-');
    const config = writeVariant(process.env['MESH_CONFIG'] ?? 'mesh-config', folder, [ENVIRONMENT]);
    process.env['MESH_CONFIG'] = config;
    const outputFolder = join(folder, 'cdktf.out');
    await synthesize(outputFolder);
    const service = environmentNamed(catalogue(), ENVIRONMENT).services.find(({ name }) => name === SERVICE);
    if (!service || !canaryVersion(service))
      throw new LabError(`'${SERVICE}' has no canary in '${ENVIRONMENT}'`);
    const rig = await startTerraformRig({ environment: ENVIRONMENT, outputFolder });
    teardown.add(() => rig.stop());

    const release = async (values: Readonly<Record<string, unknown>>) => {
      change(join(config, 'releases', `${ENVIRONMENT}.yaml`), values);
      await synthesize(outputFolder);
      const [stack] = selectStacks(outputFolder, ENVIRONMENT, ['mesh-policies']);
      const text = readFileSync(join(stack?.folder ?? '', 'cdk.tf.json'), 'utf8');
      writeFileSync(join(rig.stack('mesh-policies').folder, 'cdk.tf.json'), partOf(text));
    };
    await release({ 'services.checkout.canary.startedAt': STARTED_AT });
    await provePlans(rig, { service, release }, (message) => process.stdout.write(`${message}\n`));
  });
  await teardown.run();
}

/** What other parts of the stack are waited for is there already, or not needed here. */
function partOf(text: string): string {
  const stack = JSON.parse(text) as Stack;
  const manifests = Object.fromEntries(
    Object.entries(stack.resource['kubernetes_manifest'] ?? {}).filter(([address]) => PART.test(address)),
  );
  for (const manifest of Object.values(manifests))
    manifest.depends_on = (manifest.depends_on ?? []).filter(
      (address) => (address.split('.')[1] ?? '') in manifests,
    );
  const { terraform_remote_state: _others, ...data } = stack.data;
  return JSON.stringify({ ...stack, resource: { kubernetes_manifest: manifests }, data, output: undefined });
}

main().catch((error: unknown) => {
  if (!(error instanceof LabError || error instanceof UsageError || error instanceof CatalogueError))
    throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
