/** The configuration server with a generated mesh, and real Envoys for two of its pods. */
import { INGRESS_GATEWAY, principal, ROOT_NAMESPACE, trustDomain } from '../../model/naming';
import { freePorts } from '../support/free-ports';
import { type KubernetesManifest } from '../kubernetes/kubernetes-object';
import { adapt, type Surroundings } from '../mesh-lab/mesh/adaptation';
import { reserveAddressBlock } from '../mesh-lab/mesh/address-block';
import { Authority } from '../mesh-lab/mesh/authority';
import { addressesOf, clusterIpsOf } from '../mesh-lab/mesh/cluster-ips';
import { ConfigServer } from '../mesh-lab/mesh/config-server';
import { podsOf, type Pod } from '../mesh-lab/mesh/pods';
import { Proxy } from '../mesh-lab/mesh/proxy';
import { TokenIssuer } from '../mesh-lab/mesh/tokens';
import { scratchFolder, type Teardown } from '../support/teardown';
import { type ToolPaths } from '../toolchain/lab-tools';
import { type GeneratedMesh } from './generated-mesh';

/** The minimum in production. */
const PODS_PER_VERSION = 2;

export interface MeasuredProxies {
  readonly server: ConfigServer;
  readonly sidecar: Proxy;
  readonly gateway: Proxy;
  /** Adapts objects for the configuration server. */
  readonly adapted: (objects: readonly KubernetesManifest[]) => KubernetesManifest[];
}

/** The proxies carry no traffic, so Sidecars stay unchanged, and only their pods have real addresses. */
export async function startMeasuredProxies(
  teardown: Teardown,
  tools: ToolPaths,
  { environment, objects, measured }: Pick<GeneratedMesh, 'environment' | 'objects' | 'measured'>,
): Promise<MeasuredProxies> {
  const folder = scratchFolder(teardown, 'lab-scale-');
  const block = await reserveAddressBlock(teardown);
  const real = [`${measured.workload}-0`, `${INGRESS_GATEWAY.name}-0`];
  const pods = podsOf(objects, () => ({ full: PODS_PER_VERSION }), addressesOf('10.4')).map((pod) =>
    real.includes(pod.name) ? { ...pod, ip: block.next() } : pod,
  );
  const authority = await Authority.create(`${folder}/authority`);
  const certificateOf = ({ namespace, serviceAccount }: Pod) =>
    authority.issue({ uri: `spiffe://${principal(environment.project.id, namespace, serviceAccount)}` });
  const surroundings: Surroundings = {
    pods,
    withdrawn: new Set(),
    scopes: new Map(),
    externalIps: new Map(),
    jwks: new TokenIssuer(environment.jwt, environment.services).jwks(),
    publicAuthorityFile: authority.rootFile,
    ingressCertificate: await authority.issue({ dns: environment.domainNames.api }),
    clusterIps: clusterIpsOf(objects),
  };
  const adapted = (wanted: readonly KubernetesManifest[]) => adapt(wanted, surroundings);
  const [outbound = 0, inbound = 0, ...others] = await freePorts(2 + 2 * real.length);
  const server = await ConfigServer.start(teardown, tools, folder, {
    objects: adapted(objects),
    meshConfig: {
      trustDomain: trustDomain(environment.project.id),
      rootNamespace: ROOT_NAMESPACE,
      // Both listen on every address of the machine, where other programs may use the default ports.
      proxyListenPort: outbound,
      proxyInboundListenPort: inbound,
    },
  });
  const [sidecar, gateway] = await Promise.all(
    real.map(async (name, index) => {
      const pod = pods.find((candidate) => candidate.name === name) as Pod;
      const proxy = Proxy.start(teardown, {
        pod,
        tools,
        folder,
        discoveryAddress: server.discoveryAddress,
        trustDomain: trustDomain(environment.project.id),
        certificate: await certificateOf(pod),
        rootFile: authority.rootFile,
        adminPort: others[2 * index] ?? 0,
        agentPort: others[2 * index + 1] ?? 0,
        intercepts: true,
        // The default statistics, and the counters of route updates.
        statistics: ['.*\\.rds\\..*'],
      });
      await proxy.ready();
      return proxy;
    }),
  );
  return { server, sidecar: sidecar as Proxy, gateway: gateway as Proxy, adapted };
}
