import { type Environment } from '../../../model/environment';
import { INGRESS_GATEWAY, principal, ROOT_NAMESPACE, trustDomain } from '../../../model/naming';
import { freePorts } from '../../support/free-ports';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { scratchFolder, orTearDown, Teardown } from '../../support/teardown';
import { labTools, type ToolPaths } from '../../toolchain/lab-tools';
import { adapt, type Surroundings } from './adaptation';
import { reserveAddressBlock } from './address-block';
import { Authority, type Certificate } from './authority';
import { Backends, EXPERIMENT_HEADER } from './backends';
import { ConfigServer } from './config-server';
import { Mesh } from './mesh';
import { APPLICATION_PORT, clientPod, podsOf, type Client, type Pod, type Replicas } from './pods';
import { Proxy } from './proxy';
import { serveThirdParties } from './third-parties';
import { TokenIssuer } from './tokens';

export interface MeshOptions {
  /** From the catalogue. */
  readonly environment: Environment;
  /** From the synthesized stacks. */
  readonly objects: readonly KubernetesManifest[];
  /** Pods of each Deployment. Without a pod, the workload is not started. @default one full pod each */
  readonly replicasOf?: (workload: string) => Replicas;
  /** Additional pods that only send requests, by name. @default {} */
  readonly clients?: Readonly<Record<string, Client>>;
  /**
   * How long connections of a replaced listener stay open. If it is shorter than requests take, a terminating pod
   * loses some.
   * @default Istio's 45
   */
  readonly drainSeconds?: number;
  /** Boundaries of the clusters' histograms in ms. @default Envoy's */
  readonly histogramBoundariesMs?: readonly number[];
  /** Receives progress messages of tool builds. @default ignored */
  readonly log?: (message: string) => void;
}

/** Client address as access logs have it, for requests of experiments. */
const ACCESS_LOG_FORMAT = `%REQ(:AUTHORITY)% %REQ(${EXPERIMENT_HEADER})% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%\n`;

export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const tools = await labTools(['mesh', 'envoy'], options.log ?? (() => undefined));
  const teardown = new Teardown();
  return orTearDown(teardown, () => start(teardown, tools, options));
}

async function start(teardown: Teardown, tools: ToolPaths, options: MeshOptions): Promise<Mesh> {
  const { environment, objects, replicasOf = () => ({}), clients = {} } = options;
  const folder = scratchFolder(teardown, 'lab-mesh-');
  const block = await reserveAddressBlock(teardown);
  const deployed = podsOf(objects, replicasOf, block.next);
  const senders = Object.entries(clients).map(([name, client]) =>
    clientPod(name, client, deployed, block.next()),
  );
  const pods = [...deployed, ...senders];
  const domain = trustDomain(environment.project.id);

  const authority = await Authority.create(`${folder}/authority`);
  const publicAuthority = await Authority.create(`${folder}/public-authority`);
  const { namespace, serviceAccount } = INGRESS_GATEWAY;
  const gatewayUri = `spiffe://${principal(environment.project.id, namespace, serviceAccount)}`;
  const foreign = await Authority.create(`${folder}/foreign-authority`);
  const certificates = new Map<string, Certificate>();
  await Promise.all(
    [...new Map(pods.map((pod) => [pod.workload, pod])).values()].map(async (pod) => {
      const uri = `spiffe://${principal(environment.project.id, pod.namespace, pod.serviceAccount)}`;
      certificates.set(pod.workload, await authority.issue({ uri }));
    }),
  );
  const certificateOf = (pod: Pod) => certificates.get(pod.workload) as Certificate;

  const backends = new Backends(teardown);
  const thirdParties = await serveThirdParties(objects, block.next, backends, publicAuthority);
  await serveApplications(backends, pods, authority.rootFile, certificateOf);

  const issuer = new TokenIssuer(environment.jwt, environment.services);
  const surroundings: Surroundings = {
    pods,
    withdrawn: new Set(
      pods.filter(({ kind }) => kind === 'client' || kind === 'absent').map(({ name }) => name),
    ),
    scopes: new Map(
      Object.entries(clients).flatMap(([name, { scope }]) => (scope ? [[name, scope] as const] : [])),
    ),
    externalIps: thirdParties.ips,
    jwks: issuer.jwks(),
    publicAuthorityFile: publicAuthority.rootFile,
    ingressCertificate: await publicAuthority.issue({ dns: environment.domainNames.api }),
  };
  const accessLogFile = `${folder}/access.log`;
  const server = await ConfigServer.start(teardown, tools, folder, {
    objects: adapt(objects, surroundings),
    meshConfig: {
      trustDomain: domain,
      rootNamespace: ROOT_NAMESPACE,
      accessLogFile,
      accessLogFormat: ACCESS_LOG_FORMAT,
    },
  });

  const proxied = pods.filter(({ kind }) => kind === 'full' || kind === 'client');
  const ports = await freePorts(proxied.length * 2);
  const proxies = new Map(
    proxied.map((pod, index) => {
      const proxy = Proxy.start(teardown, {
        pod,
        tools,
        folder,
        discoveryAddress: server.discoveryAddress,
        trustDomain: domain,
        certificate: certificateOf(pod),
        rootFile: authority.rootFile,
        adminPort: ports[2 * index] ?? 0,
        agentPort: ports[2 * index + 1] ?? 0,
        ...(options.drainSeconds !== undefined && { drainSeconds: options.drainSeconds }),
        ...(options.histogramBoundariesMs !== undefined && {
          histogramBoundariesMs: options.histogramBoundariesMs,
        }),
      });
      return [pod.name, proxy];
    }),
  );
  await Promise.all([...proxies.values()].map((proxy) => proxy.ready()));
  return new Mesh(
    environment,
    objects,
    surroundings,
    server,
    backends,
    issuer,
    thirdParties,
    certificates,
    await foreign.issue({ uri: gatewayUri }),
    proxies,
    accessLogFile,
    teardown,
  );
}

async function serveApplications(
  backends: Backends,
  pods: readonly Pod[],
  rootFile: string,
  certificateOf: (pod: Pod) => Certificate,
): Promise<void> {
  await Promise.all(
    pods.map(async (pod) => {
      const receiver = { pod: pod.name, workload: pod.workload };
      if (pod.kind === 'bare')
        for (const port of pod.ports)
          await backends.serveMutualTls(receiver, pod.ip, port, { ...certificateOf(pod), rootFile });
      else if (pod.kind === 'full' && pod.role === 'sidecar')
        await backends.serveHttp(receiver, pod.ip, APPLICATION_PORT);
    }),
  );
}
