import type { ScaleMeasured } from './figures';

/** Clusters that every sidecar has, whatever it calls: its own ports, and where refused connections go. */
const OWN_CLUSTERS = 4;
/** Without a scope, a sidecar is sent so many times as much, in a mesh of fifty services or more. */
const SMALLEST_SAVING = 5;
/** A service that calls as many others gets as much in a mesh of any size; host names differ by a letter or two. */
const LARGEST_GROWTH = 1.05;

/** What a scope promises and the figures, smallest mesh first, do not keep. */
export function violationsOf(measured: readonly ScaleMeasured[]): string[] {
  const [smallest] = measured;
  return measured.flatMap(({ services, hosts, hostsInScope, scoped, unscoped }) => {
    const { sidecar } = scoped;
    const most = hostsInScope + OWN_CLUSTERS;
    const saving = unscoped.sidecar.receivedBytes / sidecar.receivedBytes;
    const growth = sidecar.dumpBytes / (smallest?.scoped.sidecar.dumpBytes ?? 1);
    return [
      ...(sidecar.clusters > most
        ? [`${sidecar.clusters} clusters with a scope of ${hostsInScope} hosts, more than ${most}`]
        : []),
      ...(unscoped.sidecar.clusters < hosts
        ? [`${unscoped.sidecar.clusters} clusters without a scope, fewer than the ${hosts} hosts`]
        : []),
      ...(saving < SMALLEST_SAVING
        ? [`a scope saves ${saving.toFixed(1)} times the bytes, less than ${SMALLEST_SAVING}`]
        : []),
      ...(growth > LARGEST_GROWTH
        ? [`${growth.toFixed(2)} times the bytes of ${smallest?.services} services with the same calls`]
        : []),
    ].map((violation) => `${services} services: ${violation}`);
  });
}
