import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, waitUntil, type RunningProcess } from '../../support/processes';
import { type Teardown } from '../../support/teardown';
import { toolPath, type ToolPaths } from '../../toolchain/lab-tools';
import { type Certificate } from './authority';
import { type Pod } from './pods';
import { send } from './send';

export interface ProxyOptions {
  readonly pod: Pod;
  readonly tools: ToolPaths;
  /** The lab's; the proxy gets a folder of its own in it. */
  readonly folder: string;
  readonly discoveryAddress: string;
  readonly trustDomain: string;
  readonly certificate: Certificate;
  /** PEM file. */
  readonly rootFile: string;
  readonly adminPort: number;
  readonly agentPort: number;
  /** @default Istio's 45 */
  readonly drainSeconds?: number;
  /** Whether connections are redirected to it, as in a cluster. @default false */
  readonly intercepts?: boolean;
  /**
   * Words before the agent's own that run it elsewhere, such as in a pod's network. Its administration is then out of
   * reach.
   * @default none
   */
  readonly command?: readonly string[];
  /** Names of statistics that it keeps, as patterns; each costs memory. @default all */
  readonly statistics?: readonly string[];
}

/** Ports that a pod's proxy has in a cluster too. */
export const STATS_PORT = 15_090;
/** Without interception, 15021 is where the proxy would listen for the gateways' status port. */
const statusPort = (options: Pick<ProxyOptions, 'intercepts'>) => (options.intercepts ? 15_021 : 15_019);

const HEALTH = { host: 'kubelet', path: '/healthz/ready' };

/** Envoy with Istio's agent, as in a pod. */
export class Proxy {
  private constructor(
    readonly pod: Pod,
    private readonly agent: RunningProcess,
    private readonly options: ProxyOptions,
  ) {}

  static start(teardown: Teardown, options: ProxyOptions): Proxy {
    const { pod } = options;
    const home = join(options.folder, pod.name);
    prepareHome(home, options);
    const role = pod.role === 'gateway' ? 'router' : 'sidecar';
    const [program = '', ...args] = [
      ...(options.command ?? []),
      ...[toolPath(options.tools, 'pilot-agent'), 'proxy', role],
      ...['--domain', `${pod.namespace}.svc.cluster.local`],
    ];
    const agent = startProcess(teardown, {
      name: `the proxy of ${pod.name}`,
      program,
      args,
      cwd: home,
      logFile: join(options.folder, `${pod.name}.log`),
      env: environmentOf(home, options),
      graceMs: 30_000,
    });
    const proxy = new Proxy(pod, agent, options);
    teardown.add(() => proxy.stop());
    return proxy;
  }

  /** Returns once it has its configuration and listens. */
  async ready(): Promise<void> {
    await waitUntil(`the proxy of ${this.pod.name}`, this.agent, async () => {
      const { status } = await (this.options.command
        ? send({ address: this.pod.ip, port: statusPort(this.options) }, HEALTH)
        : this.admin('GET', '/ready'));
      return status === 200;
    });
  }

  /** Counters and gauges whose names match, by name. */
  async stats(pattern: RegExp): Promise<ReadonlyMap<string, number>> {
    const { body } = await this.admin('GET', `/stats?filter=${encodeURIComponent(pattern.source)}`);
    const rows = body.split('\n').map((line) => /^(.+): (\d+)$/.exec(line));
    return new Map(
      rows.flatMap((row) => (row?.[1] !== undefined ? [[row[1], Number(row[2])] as const] : [])),
    );
  }

  /** Any page of Envoy's administration, such as `/clusters` or `/config_dump`. */
  async page(path: string): Promise<string> {
    return (await this.admin('GET', path)).body;
  }

  /** Process of its agent, whose child Envoy is. */
  get agentPid(): number {
    return this.agent.pid;
  }

  /** Where Prometheus scrapes it. */
  get statsUrl(): string {
    return `http://${this.pod.ip}:${STATS_PORT}/stats/prometheus`;
  }

  /** `http://127.0.0.1:<port>` of Envoy's administration. */
  get adminUrl(): string {
    return `http://127.0.0.1:${this.options.adminPort}`;
  }

  /** Ends it as the kubelet does: it finishes what it has begun, for as long as the pod's annotation says. */
  async drain(): Promise<void> {
    await this.agent.stop();
  }

  /** Ends it at once. Envoy goes first; its agent follows, and leaves nothing behind. */
  async stop(): Promise<void> {
    if (this.agent.ended()) return;
    if (!this.options.command) await this.admin('POST', '/quitquitquit');
    await this.agent.stop();
  }

  private admin(method: string, path: string) {
    return send({ address: '127.0.0.1', port: this.options.adminPort }, { host: 'localhost', method, path });
  }
}

function prepareHome(home: string, { pod, tools, certificate, rootFile }: ProxyOptions): void {
  const secrets = join(home, 'var/run/secrets/workload-spiffe-credentials');
  const templates = join(home, 'var/lib/istio/envoy');
  for (const folder of [secrets, templates, join(home, 'etc/istio/proxy')])
    mkdirSync(folder, { recursive: true });
  copyFileSync(certificate.certificateFile, join(secrets, 'cert-chain.pem'));
  copyFileSync(certificate.keyFile, join(secrets, 'key.pem'));
  copyFileSync(rootFile, join(secrets, 'root-cert.pem'));
  // On one machine, "every address" would be every other pod's as well.
  const template = readFileSync(toolPath(tools, 'envoy_bootstrap.json'), 'utf8');
  writeFileSync(
    join(templates, 'envoy_bootstrap_tmpl.json'),
    template.replaceAll('"{{ .wildcard }}"', JSON.stringify(pod.ip)),
  );
}

function environmentOf(home: string, options: ProxyOptions): NodeJS.ProcessEnv {
  const { pod } = options;
  return {
    PATH: process.env['PATH'],
    HOME: home,
    POD_NAME: pod.name,
    POD_NAMESPACE: pod.namespace,
    SERVICE_ACCOUNT: pod.serviceAccount,
    INSTANCE_IP: pod.ip,
    TRUST_DOMAIN: options.trustDomain,
    ISTIO_META_CLUSTER_ID: 'Kubernetes',
    ISTIO_META_INTERCEPTION_MODE: options.intercepts ? 'REDIRECT' : 'NONE',
    ISTIO_META_WORKLOAD_NAME: pod.workload,
    ISTIO_METAJSON_LABELS: JSON.stringify(pod.labels),
    ENVOY_STATUS_PORT: String(statusPort(options)),
    ENVOY_PROMETHEUS_PORT: String(STATS_PORT),
    GRPC_XDS_BOOTSTRAP: '',
    PROXY_CONFIG: JSON.stringify({
      terminationDrainDuration: '1s',
      ...pod.proxyConfig,
      ...(options.drainSeconds !== undefined && { drainDuration: `${options.drainSeconds}s` }),
      discoveryAddress: options.discoveryAddress,
      controlPlaneAuthPolicy: 'NONE',
      binaryPath: toolPath(options.tools, 'envoy'),
      configPath: './etc/istio/proxy',
      proxyAdminPort: options.adminPort,
      statusPort: options.agentPort,
      concurrency: 1,
      proxyStatsMatcher: { inclusionRegexps: options.statistics ?? ['.*'] },
    }),
  };
}
