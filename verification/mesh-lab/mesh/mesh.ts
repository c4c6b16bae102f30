import { existsSync, readFileSync } from 'node:fs';
import { Agent as HttpAgent, type ClientRequest } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Environment } from '../../../model/environment';
import { GATEWAY_PORTS, INGRESS_GATEWAY } from '../../../model/naming';
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';
import { LabError } from '../../support/errors';
import { type Teardown } from '../../support/teardown';
import { until } from '../../support/until';
import { adapt, type Surroundings } from './adaptation';
import { readCertificate, type Certificate } from './authority';
import { type Backends } from './backends';
import { throughLoadBalancer } from './client-address';
import { type ConfigServer } from './config-server';
import { type Pod } from './pods';
import { type Proxy } from './proxy';
import { open, send, sendSlowly, type Reply, type Request, type SlowRequest, type Target } from './send';
import { type ThirdParties } from './third-parties';
import { type TokenIssuer } from './tokens';

/** Sends requests as one client. */
export interface Caller {
  readonly send: (request: Request) => Promise<Reply>;
}

/**
 * The mesh of one environment, in real Envoys on loopback:
 *
 *     const mesh = await startMesh({ environment, objects, replicasOf });
 *     await mesh.client.send({ host: 'api.shop.example', path: '/checkout', headers: bearer(mesh.issuer.token()) });
 *     await mesh.from('checkout-v1').send({ host: 'cart.purchasing.svc.cluster.local', path: '/carts/1' });
 *     const undo = mesh.backends.behave('checkout-v2', ({ path }) => ({ status: 503, delayMs: 20 }));
 *     await mesh.update(objects.map(withOtherWeights));    // while traffic flows
 *     await mesh.proxy('ingress-gateway-0').stats(/upstream_rq/);
 *     await mesh.stop();
 *
 * The gateways are workloads too: `ingress-gateway` and `egress-gateway`.
 */
export class Mesh {
  readonly client: Caller;
  private readonly withdrawn: Set<string>;
  private pushed: Promise<void> = Promise.resolve();
  private readonly connections = new Map<string, HttpAgent>();
  private readonly agents: { destroy(): void }[] = [];

  /** @internal Use `startMesh`. */
  constructor(
    readonly environment: Environment,
    private objects: readonly KubernetesManifest[],
    private readonly surroundings: Surroundings,
    private readonly server: ConfigServer,
    readonly backends: Backends,
    readonly issuer: TokenIssuer,
    readonly thirdParties: ThirdParties,
    private readonly certificates: ReadonlyMap<string, Certificate>,
    /** Certificate with the ingress gateway's identity, issued by an untrusted authority. */
    readonly foreignCertificate: Certificate,
    private readonly proxies: ReadonlyMap<string, Proxy>,
    private readonly accessLogFile: string,
    private readonly teardown: Teardown,
  ) {
    this.withdrawn = new Set(surroundings.withdrawn);
    teardown.add(() => this.closeConnections());
    this.client = this.clients(16);
  }

  /** External clients with up to so many connections to the ingress gateway. */
  clients(connections = 256): Caller {
    const options = { keepAlive: true, maxSockets: connections };
    const { tls } = this.entrance();
    const agent = this.register(
      tls ? new HttpsAgent({ ...options, rejectUnauthorized: false }) : new HttpAgent(options),
    );
    const passed = throughLoadBalancer(this.environment);
    return { send: (request) => send({ ...this.entrance(), agent }, passed(request)) };
  }

  /** An external client that sends a body slowly, on a connection of its own. */
  slowClient(request: Request, everyMs: number): SlowRequest {
    return sendSlowly(this.entrance(), request, everyMs);
  }

  /** A request of an external client, which writes and reads it itself, on a connection of its own. */
  openRequest(request: Request): ClientRequest {
    return open(this.entrance(), throughLoadBalancer(this.environment)(request));
  }

  private entrance(): Target {
    const gateway = this.pods.find(({ workload }) => workload === INGRESS_GATEWAY.name);
    const address = gateway?.ip ?? '';
    // As the load balancer connects.
    return this.environment.ingress.hopEncryption === 'certificate'
      ? { address, port: GATEWAY_PORTS.https, tls: {} }
      : { address, port: GATEWAY_PORTS.http };
  }

  get pods(): readonly Pod[] {
    return this.surroundings.pods;
  }

  pod(name: string): Pod {
    const found = this.pods.find((pod) => pod.name === name);
    if (!found)
      throw new Error(
        `the lab has no pod '${name}'; its pods are ${this.pods.map((pod) => pod.name).join(', ')}`,
      );
    return found;
  }

  /** The last pod of the workload, which the tests of shutdown do not end. */
  podOf(workload: string): Pod {
    const found = this.pods.findLast((pod) => pod.workload === workload && pod.kind === 'full');
    if (!found) throw new Error(`the lab has no pod of '${workload}'`);
    return found;
  }

  proxy(pod: string): Proxy {
    const found = this.proxies.get(pod);
    if (!found) throw new Error(`the lab has no pod '${pod}'`);
    return found;
  }

  /** The application of a pod or workload, calling through its proxy's listener on `port`. */
  from(name: string, port = 80): Caller {
    const pod = this.pods.find((candidate) => candidate.name === name) ?? this.podOf(name);
    const agent = this.connectionsOf(pod);
    return { send: (request) => send({ address: pod.ip, port, agent }, request) };
  }

  /**
   * Calls a pod of the workload without a proxy on the client's side.
   *
   * @param as the client certificate; 'anonymous' is TLS without one. @default plain text
   * @param serverName of TLS. @default the Host header
   */
  directTo(workload: string, port: number, as?: Certificate | 'anonymous', serverName?: string): Caller {
    const tls = as === undefined ? undefined : as === 'anonymous' ? {} : readCertificate(as);
    const target: Target = {
      address: this.podOf(workload).ip,
      port,
      ...(tls && { tls: { ...tls, ...(serverName !== undefined && { serverName }) } }),
    };
    return { send: (request) => send(target, request) };
  }

  /** Certificate of the workload's proxy. */
  certificateOf(workload: string): Certificate {
    const found = this.certificates.get(workload);
    if (!found) throw new Error(`the lab has no workload '${workload}'`);
    return found;
  }

  /** Replaces the objects. Returns once every proxy has acknowledged them. */
  async update(objects: readonly KubernetesManifest[]): Promise<void> {
    this.objects = objects;
    await this.push();
  }

  /** The present objects. */
  current(): readonly KubernetesManifest[] {
    return this.objects;
  }

  /** Adds the pod to the endpoints of its Services, or removes it as when it terminates. */
  async setEndpoint(pod: string, isEndpoint: boolean): Promise<void> {
    if (isEndpoint) this.withdrawn.delete(pod);
    else this.withdrawn.add(pod);
    await this.push();
  }

  /** Closes the keep-alive connections of clients and applications. */
  closeConnections(): void {
    this.agents.forEach((agent) => agent.destroy());
  }

  /** Lines of all proxies: authority, experiment and client address. Proxies write them every ten seconds. */
  accessLog(): string[] {
    return existsSync(this.accessLogFile) ? readFileSync(this.accessLogFile, 'utf8').split('\n') : [];
  }

  /** Configuration that a proxy rejected. If there is any, the other tests ran with an old configuration. */
  rejections(): string[] {
    return this.server.rejections();
  }

  async stop(): Promise<void> {
    await this.teardown.run();
  }

  /** Serializes pushes, so that the last one wins. */
  private push(): Promise<void> {
    const next = this.pushed.then(() => this.pushNow());
    this.pushed = next.catch(() => undefined);
    return next;
  }

  private async pushNow(): Promise<void> {
    const around = { ...this.surroundings, withdrawn: this.withdrawn };
    const changed = await this.server.put(adapt(this.objects, around));
    if (changed === 0) return;
    // The server debounces changes before it sends them.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await until(() => this.server.isSynchronized(), {
      everyMs: 20,
      limitMs: 10_000,
      otherwise: () => new LabError('a proxy did not acknowledge the new configuration within 10 s'),
    });
  }

  private connectionsOf(pod: Pod): HttpAgent {
    const known = this.connections.get(pod.name);
    if (known) return known;
    const agent = this.register(new HttpAgent({ keepAlive: true, maxSockets: 256 }));
    this.connections.set(pod.name, agent);
    return agent;
  }

  private register<T extends { destroy(): void }>(agent: T): T {
    this.agents.push(agent);
    return agent;
  }
}
