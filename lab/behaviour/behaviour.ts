/** The claims about behaviour, and the mesh that they are put to. */
import { type Environment } from '../../model/environment';
import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../../model/naming';
import { insist, judge, type Claim, type Verdict } from '../claim';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { type Mesh } from '../mesh/mesh';
import { type Client } from '../mesh/pods';
import { startMesh } from '../mesh/start-mesh';
import { edgeClaims, STRANGER } from './edges';
import { probeName, probesOf } from './example';
import { egressClaims } from './egress';
import { ejectionClaims, ejectorName } from './ejection';
import { interplayClaims } from './interplay';
import { poolClaims } from './pool';
import { retryClaims } from './retries';
import { ROLLING_PODS, rollingService, shutdownClaims } from './shutdown';
import { splitClaims } from './split';
import { tokenClaims } from './tokens';
import { transportClaims } from './transport';
import { unreachedClaims } from './unreached';

/** Claims of one lane follow each other; lanes run side by side. */
function lanesOf(mesh: Mesh): Claim[][] {
  return [
    [...transportClaims(mesh), ...tokenClaims(mesh), ...edgeClaims(mesh), ...splitClaims(mesh)],
    [...egressClaims(mesh), ...interplayClaims(mesh)],
    [...retryClaims(mesh), ...unreachedClaims(mesh)],
    shutdownClaims(mesh),
    // These wait most of the time.
    ...ejectionClaims(mesh).map((claim) => [claim]),
  ];
}

/**
 * Starts the environment's mesh and puts every claim about it to the test.
 *
 * @param chosen whether to test the claim of this id
 */
export async function proveBehaviour(
  environment: Environment,
  objects: readonly KubernetesObject[],
  tell: (verdict: Verdict) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<Verdict[]> {
  const rolling = rollingService(environment)?.service.versions[0].workload;
  const mesh = await startMesh({
    environment,
    objects,
    clients: probesFor(environment),
    replicasOf: (workload) =>
      isGateway(workload) ? {} : { full: workload === rolling ? ROLLING_PODS : 1, bare: 1, absent: 1 },
  });
  const withChosen = (claims: readonly Claim[]) => claims.filter(({ id }) => chosen(id));
  try {
    if (rolling !== undefined)
      for (const index of [2, 3]) await mesh.setEndpoint(`${rolling}-${index}`, false);
    const lanes = await Promise.all(lanesOf(mesh).map((claims) => judge(withChosen(claims), tell)));
    // Alone, as it takes all that the machine has.
    const last = [...poolClaims(mesh), refusalsClaim(mesh)];
    return [...lanes.flat(), ...(await judge(withChosen(last), tell))];
  } finally {
    await mesh.stop();
  }
}

/** A proxy that refuses its configuration goes on with what it had, and every other answer is worth nothing. */
function refusalsClaim(mesh: Mesh): Claim {
  return {
    id: 'configuration/is-taken',
    title: 'every proxy took everything that the configuration server sent',
    prove: () => {
      const refusals = mesh.refusals();
      insist(refusals.length === 0, `${refusals.length} refused, the first: ${refusals[0]}`);
      return Promise.resolve({ seen: `${mesh.pods.length} pods, nothing refused` });
    },
  };
}

function isGateway(workload: string): boolean {
  return workload === INGRESS_GATEWAY.name || workload === EGRESS_GATEWAY.name;
}

/** Proxies apart from those of the services, so that what one claim does to a proxy disturbs no other claim. */
export function probesFor(environment: Environment): Record<string, Client> {
  const clients: Record<string, Client & { scope: string[] }> = {};
  for (const { service, edge } of probesOf(environment)) {
    const client = (clients[probeName(edge.caller)] ??= { as: edge.caller.serviceAccount, scope: [] });
    const hosts = [service.host, ...service.versions.map(({ host }) => host)];
    client.scope.push(...hosts.map((host) => `${service.namespace}/${host}`));
    clients[ejectorName(edge.caller.serviceAccount)] = client;
  }
  return { ...clients, [STRANGER.serviceAccount]: { as: STRANGER.serviceAccount } };
}
