/** What a mesh of so many services asks of its proxies, with our scopes and without. */
import type { ScaleMeasured } from './figures';
import { LabError } from '../support/errors';
import { scratchFolder, orTearDown, Teardown } from '../support/teardown';
import { type ToolPaths } from '../toolchain/lab-tools';
import { footprintOf } from './footprint';
import { generateMesh } from './generated-mesh';
import { measurePushes } from './push';
import { startMeasuredProxies } from './measured-proxies';

export async function measureScale(
  tools: ToolPaths,
  services: number,
  repeats: number,
): Promise<ScaleMeasured> {
  const teardown = new Teardown();
  return orTearDown(teardown, async () => {
    const mesh = await generateMesh(scratchFolder(teardown, 'lab-scale-'), services);
    const measure = async (objects: typeof mesh.objects) => {
      const own = new Teardown();
      return orTearDown(own, async () => {
        const stage = await startMeasuredProxies(own, tools, { ...mesh, objects });
        const sidecar = await footprintOf(stage.sidecar);
        const gateway = await footprintOf(stage.gateway);
        const pushesMs = await measurePushes(stage, { ...mesh, objects }, repeats);
        const [refusal] = stage.server.refusals();
        if (refusal !== undefined) throw new LabError(`a proxy refused its configuration: ${refusal}`);
        await own.run();
        return { sidecar, gateway, pushesMs };
      });
    };
    const { gateway, ...scoped } = await measure(mesh.objects);
    const { gateway: _, ...unscoped } = await measure(mesh.objects.filter(({ kind }) => kind !== 'Sidecar'));
    await teardown.run();
    const own = mesh.objects.find(
      ({ kind, metadata }) => kind === 'Sidecar' && metadata.name === mesh.measured.workload,
    );
    const { egress } = own?.['spec'] as { readonly egress: readonly { readonly hosts: readonly string[] }[] };
    return {
      services,
      hosts: mesh.objects.filter(({ kind }) => kind === 'Service').length,
      hostsInScope: egress.flatMap(({ hosts }) => hosts).length,
      ...{ scoped, unscoped, gateway },
    };
  });
}
