/**
 * Rolls a canary back and pauses it between plan and apply, with the real Terraform and its real providers. It takes
 * only the canary's part of mesh-policies, because every plan reads all objects of a stack.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canaryVersion } from '../../model/canary/weight-cap';
import { catalogue } from '../../tools/catalogue';
import { environmentNamed } from '../../tools/selection';
import { selectStacks } from '../../tools/synthesized-stacks';
import { LabError } from '../support/errors';
import type { Results } from '../support/results';
import { synthesize } from '../support/synthesized';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { startTerraformRig } from '../terraform/rig';
import { testPlans } from './plan-test';
import { change, STARTED_AT, writeVariant } from './variant';

const ENVIRONMENT = 'prod';
const SERVICE = 'checkout';
/** Addresses of the canary's part. */
const PART = /^(canary|purchasing_domain|checkout_(api_)?virtual_service)/;

interface Stack {
  readonly resource: Record<string, Record<string, { depends_on?: string[] }>>;
  readonly data: Record<string, unknown>;
  readonly output?: unknown;
}

export async function runRollbackPlans(results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const folder = scratchFolder(teardown, 'rollback-plans-');
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
    let started = performance.now();
    await testPlans(rig, { service, release }, (passed) => {
      results.add('rollback-controller plans', {
        name: passed,
        seconds: (performance.now() - started) / 1_000,
      });
      process.stdout.write(`${passed}\n`);
      started = performance.now();
    });
  });
  await teardown.run();
}

/** Drops dependencies on the rest of the stack: those objects exist already, or are not needed here. */
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
