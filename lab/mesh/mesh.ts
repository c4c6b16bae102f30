import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { GATEWAY_PORTS, INGRESS_GATEWAY, principal, trustDomain } from '../../model/naming';
import { type Environment } from '../../model/environment';
import { type KubernetesObject } from '../kubernetes/kubernetes-object';
import { freePorts } from '../free-ports';
import { LabError } from '../lab-error';
import { scratchFolder } from '../scratch-folder';
import { orTearDown, Teardown } from '../teardown';
import { labTools, type ToolPaths } from '../tools/lab-tools';
import { adapt, type Surroundings } from './adaptation';
import { claimAddressBlock, type AddressBlock } from './address-block';
import { Authority, type Certificate } from './authority';
import { Backends } from './backends';
import { ConfigServer } from './config-server';
import { APPLICATION_PORT, podsOf, strayPod, type Pod } from './pods';
import { Proxy } from './proxy';
import { send, type Reply, type Request, type Target } from './send';
import { serveThirdParties, type ThirdParties } from './third-parties';
import { TokenIssuer } from './tokens';

export interface MeshOptions {
  /** As the catalogue says it is. */
  readonly environment: Environment;
  /** As synth wrote them. */
  readonly objects: readonly KubernetesObject[];
  /** Pods of a Deployment; 0 leaves the workload out. @default one each */
  readonly replicasOf?: (workload: string) => number;
  /** Pods that only send: name of the pod → workload whose identity and Sidecar it has. @default {} */
  readonly clients?: Readonly<Record<string, string>>;
  /** Hears of tools that are being built. @default nobody */
  readonly tell?: (message: string) => void;
}

/** Somebody who sends requests. */
export interface Caller {
  readonly send: (request: Request) => Promise<Reply>;
}

/**
 * The mesh of one environment, in real Envoys on loopback:
 *
 *     const mesh = await startMesh({ environment, objects, replicasOf: (name) => (name.startsWith('checkout') ? 1 : 0) });
 *     await mesh.visitor.send({ host: 'api.shop.example', path: '/checkout', headers: bearer(mesh.issuer.token()) });
 *     await mesh.from('checkout-v1').send({ host: 'cart.purchasing.svc.cluster.local', path: '/carts/1' });
 *     const undo = mesh.backends.behave('checkout-v2', ({ path }) => ({ status: 503, delayMs: 20 }));
 *     await mesh.update(objects.map(withOtherWeights));    // while traffic flows
 *     await mesh.proxy('ingress-gateway-0').stats(/upstream_rq/);
 *     await mesh.stop();
 *
 * The gateways are workloads too: `ingress-gateway` and `egress-gateway`.
 */
export class Mesh {
  readonly visitor: Caller;
  private readonly withdrawn: Set<string>;
  private readonly agents: { destroy(): void }[] = [];

  /** @internal Use `startMesh`. */
  constructor(
    readonly environment: Environment,
    private objects: readonly KubernetesObject[],
    private readonly surroundings: Surroundings,
    private readonly server: ConfigServer,
    readonly backends: Backends,
    readonly issuer: TokenIssuer,
    readonly thirdParties: ThirdParties,
    private readonly certificates: ReadonlyMap<string, Certificate>,
    private readonly proxies: ReadonlyMap<string, Proxy>,
    private readonly teardown: Teardown,
  ) {
    this.withdrawn = surroundings.withdrawn as Set<string>;
    teardown.add(() => this.agents.forEach((agent) => agent.destroy()));
    const gateway = surroundings.pods.find(({ workload }) => workload === INGRESS_GATEWAY.name);
    const agent = this.keep(new HttpsAgent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false }));
    this.visitor = {
      send: (request) =>
        send({ address: gateway?.ip ?? '', port: GATEWAY_PORTS.https, tls: {}, agent }, request),
    };
  }

  get pods(): readonly Pod[] {
    return this.surroundings.pods;
  }

  pod(name: string): Pod {
    const found = this.pods.find((pod) => pod.name === name);
    if (!found)
      throw new Error(
        `no pod '${name}' is in the lab; there are ${this.pods.map((pod) => pod.name).join(', ')}`,
      );
    return found;
  }

  proxy(pod: string): Proxy {
    const found = this.proxies.get(pod);
    if (!found) throw new Error(`no pod '${pod}' is in the lab`);
    return found;
  }

  /** The application of a pod, or of the workload's first pod, calling through its proxy at `port`. */
  from(name: string, port = 80): Caller {
    const pod = this.pods.find((candidate) => candidate.name === name || candidate.workload === name);
    if (!pod) return { send: () => Promise.reject(new Error(`no pod of '${name}' is in the lab`)) };
    const agent = this.keep(new HttpAgent({ keepAlive: true, maxSockets: 256 }));
    return { send: (request) => send({ address: pod.ip, port, agent }, request) };
  }

  /** Straight to a pod's port, past the sender's proxy: with the identity given, or in plain text without. */
  straightTo(pod: string, port: number, as?: Certificate | 'nobody'): Caller {
    const { ip } = this.pod(pod);
    const tls = as === undefined ? undefined : as === 'nobody' ? {} : readCertificate(as);
    const target: Target = { address: ip, port, ...(tls && { tls }) };
    return { send: (request) => send(target, request) };
  }

  /** Certificate of a workload, as its proxy has it. */
  certificateOf(workload: string): Certificate {
    const found = this.certificates.get(workload);
    if (!found) throw new Error(`no workload '${workload}' is in the lab`);
    return found;
  }

  /** Gives the proxies other objects, and returns once they have taken them. */
  async update(objects: readonly KubernetesObject[]): Promise<void> {
    this.objects = objects;
    await this.push();
  }

  /** The objects as they are now. */
  current(): readonly KubernetesObject[] {
    return this.objects;
  }

  /** Takes the pod out of every Service, as when it begins to end, or puts it back. */
  async setEndpoint(pod: string, is: boolean): Promise<void> {
    if (is) this.withdrawn.delete(pod);
    else this.withdrawn.add(pod);
    await this.push();
  }

  /** Configuration that a proxy refused. Anything but none makes every other answer worthless. */
  refusals(): string[] {
    return this.server.refusals();
  }

  async stop(): Promise<void> {
    await this.teardown.run();
  }

  private async push(): Promise<void> {
    const changed = await this.server.put(adapt(this.objects, this.surroundings));
    if (changed === 0) return;
    // The server gathers changes for a moment before it sends them.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const deadline = Date.now() + 10_000;
    while (!(await this.server.isSynchronized())) {
      if (Date.now() > deadline) throw new LabError('some proxy did not take the new configuration in 10 s');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private keep<T extends { destroy(): void }>(agent: T): T {
    this.agents.push(agent);
    return agent;
  }
}

export async function startMesh(options: MeshOptions): Promise<Mesh> {
  const tools = await labTools(['mesh', 'envoy'], options.tell ?? (() => undefined));
  const teardown = new Teardown();
  return orTearDown(teardown, () => start(teardown, tools, options));
}

async function start(teardown: Teardown, tools: ToolPaths, options: MeshOptions): Promise<Mesh> {
  const { environment, objects, replicasOf = () => 1, clients = {} } = options;
  const folder = scratchFolder(teardown, 'lab-mesh-');
  const block = await claimAddressBlock(teardown);
  const pods = [...podsOf(objects, replicasOf, block.next), ...clientPods(objects, clients, block)];
  const domain = trustDomain(environment.project.id);

  const authority = await Authority.create(`${folder}/authority`);
  const publicAuthority = await Authority.create(`${folder}/public-authority`);
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
  const senders = new Set(Object.keys(clients));
  await Promise.all(
    pods
      .filter(({ role, name }) => role === 'sidecar' && !senders.has(name))
      .map(({ name, workload, ip }) => backends.serveHttp({ at: name, by: workload }, ip, APPLICATION_PORT)),
  );

  const issuer = new TokenIssuer(environment.jwt.issuer, environment.jwt.audiences[0] ?? '');
  const surroundings: Surroundings = {
    pods,
    withdrawn: senders,
    externalIps: thirdParties.ips,
    jwks: issuer.jwks(),
    publicAuthorityFile: publicAuthority.rootFile,
    ingressCertificate: await publicAuthority.issue({ dns: environment.domainNames.api }),
  };
  const server = await ConfigServer.start(teardown, tools, folder, {
    objects: adapt(objects, surroundings),
    meshConfig: { trustDomain: domain, rootNamespace: 'istio-system' },
  });

  const ports = await freePorts(pods.length * 2);
  const proxies = new Map(
    pods.map((pod, index) => {
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
    proxies,
    teardown,
  );
}

function clientPods(
  objects: readonly KubernetesObject[],
  clients: Readonly<Record<string, string>>,
  block: AddressBlock,
): Pod[] {
  return Object.entries(clients).map(([name, workload]) => {
    const [like] = podsOf(objects, (candidate) => (candidate === workload ? 1 : 0), block.next);
    if (like === undefined) return strayPod(name, 'default', block.next());
    return { ...like, name, labels: { ...like.labels, 'lab/pod': name } };
  });
}

function readCertificate({ certificateFile, keyFile }: Certificate) {
  return { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
}
