import type { ScaleMeasured } from './figures';

/** Clusters of every sidecar: its own ports, passthrough and black hole. */
const OWN_CLUSTERS = 4;
/** Factor by which a scope reduces the received bytes, in a mesh of at least 50 services. */
const SMALLEST_SAVING = 5;
/** The configuration of a sidecar does not grow with the mesh, except by the length of host names. */
const LARGEST_GROWTH = 1.05;

/** Bounds of a scope that the figures exceed. @param measured smallest mesh first */
export function violationsOf(measured: readonly ScaleMeasured[]): string[] {
  const [smallest] = measured;
  return measured.flatMap(({ services, hosts, hostsInScope, scoped, unscoped }) => {
    const { sidecar } = scoped;
    const most = hostsInScope + OWN_CLUSTERS;
    const saving = unscoped.sidecar.receivedBytes / sidecar.receivedBytes;
    const growth = sidecar.dumpBytes / (smallest?.scoped.sidecar.dumpBytes ?? 1);
    return [
      ...(sidecar.clusters > most
        ? [`${sidecar.clusters} clusters with a scope of ${hostsInScope} hosts; the limit is ${most}`]
        : []),
      ...(unscoped.sidecar.clusters < hosts
        ? [`${unscoped.sidecar.clusters} clusters without a scope, fewer than the ${hosts} hosts`]
        : []),
      ...(saving < SMALLEST_SAVING
        ? [`a scope reduces the bytes by a factor of ${saving.toFixed(1)}; the minimum is ${SMALLEST_SAVING}`]
        : []),
      ...(growth > LARGEST_GROWTH
        ? [
            `${growth.toFixed(2)} times the bytes of a mesh of ${smallest?.services} services; the limit is ${LARGEST_GROWTH}`,
          ]
        : []),
    ].map((violation) => `${services} services: ${violation}`);
  });
}
