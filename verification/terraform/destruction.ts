import type { Environment } from '../../model/environment';
import { destroyEnvironment } from '../../tools/pipeline/teardown';
import { LabError } from '../support/errors';
import { readStack } from './read-stack';
import type { TerraformRig } from './rig';

/**
 * Destroys the stack by the steps of `npm run destroy`, with the answers that its prompts expect.
 *
 * @throws LabError if anything is left
 */
export async function destroyStack(
  rig: TerraformRig,
  environment: Environment,
  stack: string,
): Promise<void> {
  const answers = [environment.name, environment.project.id];
  const prompt = () => Promise.resolve(answers.shift() ?? '');
  await destroyEnvironment(environment, [rig.stack(stack)], prompt, rig.options);

  const manifests = Object.values(readStack(rig.stack(stack).folder).resource?.kubernetes_manifest ?? {});
  const created = new Set(
    manifests
      .filter(({ manifest }) => manifest.kind === 'Namespace')
      .map(({ manifest }) => manifest.metadata.name),
  );
  const namespaces = await rig.objects.list('v1', 'Namespace');
  const left = [
    ...namespaces.map(({ metadata }) => metadata.name).filter((name) => created.has(name)),
    ...rig.google.monitoring.names,
  ];
  if (left.length > 0) throw new LabError(`${stack}: destroyed, but ${left.join(', ')} is left`);
}
