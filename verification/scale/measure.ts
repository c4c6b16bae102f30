/** Measures the proxies of a mesh, with and without Sidecar scopes. */
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
        const proxies = await startMeasuredProxies(own, tools, { ...mesh, objects });
        const sidecar = await footprintOf(proxies.sidecar);
        const gateway = await footprintOf(proxies.gateway);
        const pushesMs = await measurePushes(proxies, { ...mesh, objects }, repeats);
        const [rejection] = proxies.server.rejections();
        if (rejection !== undefined) throw new LabError(`a proxy rejected its configuration: ${rejection}`);
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
      scoped,
      unscoped,
      gateway,
    };
  });
}
