/** One pod whose connections are redirected as in a cluster, with unchanged Sidecars, and its peers. */
import { principal, EGRESS_GATEWAY, ROOT_NAMESPACE, trustDomain } from '../../../model/naming';
import { type Environment } from '../../../model/environment';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { adapt } from '../mesh/adaptation';
import { Authority, readCertificate, type Certificate } from '../mesh/authority';
import { Backends } from '../mesh/backends';
import { clusterIpsOf } from '../mesh/cluster-ips';
import { ConfigServer } from '../mesh/config-server';
import { podsOf, type Pod } from '../mesh/pods';
import { Proxy } from '../mesh/proxy';
import { send, type Reply, type Request, type Target } from '../mesh/send';
import { serveThirdParties } from '../mesh/third-parties';
import { TokenIssuer } from '../mesh/tokens';
import { startProcess } from '../../support/processes';
import { scratchFolder, type Teardown } from '../../support/teardown';
import { type ToolPaths } from '../../toolchain/lab-tools';
import { runTool } from '../../toolchain/program';
import { createPodNetwork } from './pod-network';

/** Port of a server that the catalogue does not declare. */
export const UNDECLARED_PORT = 9_999;

/** Connections of `proxy` are not redirected. They show what happens without redirection. */
export type User = 'application' | 'proxy';

export interface RedirectedPod {
  readonly environment: Environment;
  readonly pod: Pod;
  readonly egressGateway: Proxy;
  readonly issuer: TokenIssuer;
  /** Address of a Service, of a third party, or of the unknown host. */
  readonly addressOf: (host: string) => string;
  readonly certificateOf: (workload: string) => Promise<Certificate>;
  /** Calls the pod from elsewhere in the cluster. */
  readonly fromOutside: (target: Target, request: Request, as?: Certificate) => Promise<Reply>;
  /** Calls out of the pod, from a separate process. */
  readonly call: (user: User, target: Target, request: Request) => Promise<Reply>;
  readonly connects: (user: User, address: string, port: number) => Promise<boolean>;
  /** Number of connections from the pod, through its proxy or not. */
  readonly connectionsMade: () => number;
  readonly rejections: () => string[];
}

export const UNKNOWN_HOST = 'exfiltration.invalid';

export async function startRedirectedPod(
  teardown: Teardown,
  tools: ToolPaths,
  environment: Environment,
  objects: readonly KubernetesManifest[],
  workload: string,
): Promise<RedirectedPod> {
  const folder = scratchFolder(teardown, 'lab-interception-');
  const network = await createPodNetwork(teardown, tools, folder);
  const egress = EGRESS_GATEWAY.name;
  const replicas = (name: string) =>
    name === workload || name === egress ? { full: 1 } : { full: 0, bare: 1 };
  const pods = podsOf(objects, replicas, network.nextPodIp).map((pod) =>
    // No drain is needed at the end.
    pod.workload === workload ? { ...pod, ip: network.podIp, proxyConfig: {} } : pod,
  );
  const pod = pods.find((candidate) => candidate.workload === workload) as Pod;
  const gateway = pods.find((candidate) => candidate.workload === egress) as Pod;

  const domain = trustDomain(environment.project.id);
  const authority = await Authority.create(`${folder}/authority`);
  const publicAuthority = await Authority.create(`${folder}/public-authority`);
  const certificateOf = ({ namespace, serviceAccount }: Pod) =>
    authority.issue({ uri: `spiffe://${principal(environment.project.id, namespace, serviceAccount)}` });

  const backends = new Backends(teardown);
  const thirdParties = await serveThirdParties(objects, network.nextExternalIp, backends, publicAuthority);
  const unknownHost = network.nextExternalIp();
  await backends.serveHttp({ pod: UNKNOWN_HOST, workload: UNKNOWN_HOST }, unknownHost, 80);
  await backends.serveTcp(unknownHost, UNDECLARED_PORT);
  for (const bare of pods.filter(({ kind }) => kind === 'bare')) {
    const certificate = { ...(await certificateOf(bare)), rootFile: authority.rootFile };
    for (const port of bare.ports)
      await backends.serveMutualTls({ pod: bare.name, workload: bare.workload }, bare.ip, port, certificate);
  }

  const issuer = new TokenIssuer(environment.jwt, environment.services);
  const clusterIps = clusterIpsOf(objects);
  const server = await ConfigServer.start(teardown, tools, folder, {
    address: network.nodeIp,
    objects: adapt(objects, {
      pods,
      withdrawn: new Set(),
      scopes: new Map(),
      externalIps: thirdParties.ips,
      jwks: issuer.jwks(),
      publicAuthorityFile: publicAuthority.rootFile,
      ingressCertificate: await publicAuthority.issue({ dns: environment.domainNames.api }),
      clusterIps,
    }),
    meshConfig: { trustDomain: domain, rootNamespace: ROOT_NAMESPACE },
  });
  const start = async (of: Pod, command?: readonly string[]) =>
    Proxy.start(teardown, {
      pod: of,
      tools,
      folder,
      trustDomain: domain,
      rootFile: authority.rootFile,
      discoveryAddress: server.discoveryAddress,
      certificate: await certificateOf(of),
      adminPort: 15_000,
      agentPort: 15_020,
      ...(command && { intercepts: true, command }),
    });
  const [egressGateway] = await Promise.all(
    [start(gateway), start(pod, network.as('proxy'))].map(async (starting) => {
      const proxy = await starting;
      await proxy.ready();
      return proxy;
    }),
  );

  const program = [process.execPath, require.resolve('./application')];
  const [enter = '', ...enterArgs] = network.as('application');
  startProcess(teardown, {
    name: `the application of ${workload}`,
    program: enter,
    args: [...enterArgs, ...program, 'serve', pod.name, workload, String(pod.ports[0])],
    cwd: folder,
    logFile: `${folder}/application.log`,
  });
  const runInPod = async (user: User, ...args: readonly string[]) => {
    const [name = '', ...prefix] = network.as(user);
    const options = { cwd: folder, purpose: 'a call out of the pod' };
    const command = [...prefix, ...program, ...args];
    return JSON.parse(await runTool({ name, fix: 'install util-linux' }, command, options)) as unknown;
  };
  return {
    environment,
    pod,
    issuer,
    egressGateway: egressGateway as Proxy,
    addressOf: (host) => {
      const [name = '', namespace = ''] = host.split('.');
      const known = host === UNKNOWN_HOST ? unknownHost : undefined;
      const found = known ?? thirdParties.ips.get(host) ?? clusterIps.get(`${namespace}/${name}`);
      if (found === undefined) throw new Error(`the lab has no address for '${host}'`);
      return found;
    },
    certificateOf: (name) => certificateOf(pods.find((other) => other.workload === name) as Pod),
    fromOutside: (target, request, as) =>
      send({ ...target, ...(as && { tls: readCertificate(as) }) }, request),
    call: async (user, target, request) =>
      (await runInPod(user, 'call', JSON.stringify({ target, request }))) as Reply,
    connects: async (user, address, port) =>
      (await runInPod(user, 'connect', address, String(port))) as boolean,
    connectionsMade: () => backends.connectionsFrom(network.podIp),
    rejections: () => server.rejections(),
  };
}
