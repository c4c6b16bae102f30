/**
 * The guard's decision on the spot: an alert becomes a ceiling, and the weights come down to what holds. Where
 * Terraform deploys it, a workflow takes the same steps (`lab/guard`); here nothing stands between the alert and
 * the weights, so that what is measured is the detectors and the proxies.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  canaryOf,
  heldWeightPercent,
  holdingCeilings,
  parseCeiling,
  releaseOf,
  renderCeiling,
  type Ceiling,
} from '../../model/canary/ceiling';
import type { CanaryDetector } from '../../model/canary/detectors';
import type { Service } from '../../model/service';
import { withWeights } from '../behaviour/split';
import type { Mesh } from '../mesh/mesh';
import type { Teardown } from '../teardown';

export interface Decision {
  readonly detector: CanaryDetector;
  /** Milliseconds of `performance.now()`: when the alert came, and when every proxy had the new weights. */
  readonly alerted: number;
  readonly pushed: number;
  readonly weightPercent: number;
}

/** Listens as Prometheus' Alertmanager does, and acts on the first alert. */
export async function startGuard(
  teardown: Teardown,
  mesh: Mesh,
  service: Service,
  detectors: readonly CanaryDetector[],
): Promise<{ readonly port: number; readonly decided: () => Decision | undefined }> {
  let decision: Decision | undefined;
  let acting = false;
  const act = async (detector: CanaryDetector) => {
    acting = true;
    const alerted = performance.now();
    const weightPercent = held(service, detector);
    await mesh.update(withWeights(mesh.current(), service, weightPercent));
    decision = { detector, alerted, pushed: performance.now(), weightPercent };
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.end();
      const alerts = JSON.parse(Buffer.concat(parts).toString()) as { labels: { alertname: string } }[];
      const detector = detectors.find(({ id }) => alerts.some(({ labels }) => labels.alertname === id));
      if (detector !== undefined && !acting) void act(detector);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  teardown.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, decided: () => decision };
}

/** What is left to the canary once the detector's ceiling stands. */
function held(service: Service, { action, id }: CanaryDetector): number {
  const canary = canaryOf(service);
  if (canary === undefined) throw new Error(`no canary of ${service.name} runs`);
  const release = { host: canary.host, release: releaseOf(canary), acknowledgedIncidents: [] };
  const ceiling: Ceiling = {
    ...{ service: service.name, host: canary.host, release: release.release, action, incident: id },
    maximumWeightPercent: action === 'rollback' ? 0 : canary.weightPercent,
    time: new Date().toISOString(),
  };
  return heldWeightPercent(
    canary.weightPercent,
    holdingCeilings([parseCeiling(renderCeiling(ceiling))], release),
  );
}
