/** The claims about behaviour, and the mesh that they are put to. */
import { type Environment } from '../../model/environment';
import { judge, type Claim, type Verdict } from '../claim';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { type Mesh } from '../mesh/mesh';
import { type Client } from '../mesh/pods';
import { startMesh } from '../mesh/start-mesh';
import { edgeClaims, STRANGER } from './edges';
import { probeName, probesOf } from './example';
import { splitClaims } from './split';
import { tokenClaims } from './tokens';
import { transportClaims } from './transport';

/** Claims of one lane follow each other; lanes run side by side. */
function lanesOf(mesh: Mesh): Claim[][] {
  return [[...transportClaims(mesh), ...tokenClaims(mesh), ...edgeClaims(mesh)], [...splitClaims(mesh)]];
}

export async function proveBehaviour(
  environment: Environment,
  objects: readonly KubernetesObject[],
  tell: (verdict: Verdict) => void,
): Promise<Verdict[]> {
  const mesh = await startMesh({ environment, objects, clients: probesFor(environment) });
  try {
    const lanes = await Promise.all(lanesOf(mesh).map((claims) => judge(claims, tell)));
    return lanes.flat();
  } finally {
    await mesh.stop();
  }
}

/** Proxies apart from those of the services, so that what one claim does to a proxy disturbs no other claim. */
export function probesFor(environment: Environment): Record<string, Client> {
  const clients: Record<string, Client & { scope: string[] }> = {};
  for (const { service, edge } of probesOf(environment)) {
    const client = (clients[probeName(edge.caller)] ??= { as: edge.caller.serviceAccount, scope: [] });
    const hosts = [service.host, ...service.versions.map(({ host }) => host)];
    client.scope.push(...hosts.map((host) => `${service.namespace}/${host}`));
  }
  return { ...clients, [STRANGER.serviceAccount]: { as: STRANGER.serviceAccount } };
}
