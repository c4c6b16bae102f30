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
  /** Folder of the lab, in which the proxy creates its own. */
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
  /** Boundaries of the clusters' histograms in ms. @default Envoy's */
  readonly histogramBoundariesMs?: readonly number[];
  /** True if connections are redirected to the proxy, as in a cluster. @default false */
  readonly intercepts?: boolean;
  /**
   * Command that runs the agent elsewhere, such as in the network of a pod. The admin interface is then unreachable.
   * @default none
   */
  readonly command?: readonly string[];
  /** Regular expressions for the statistics to keep; each costs memory. @default all */
  readonly statistics?: readonly string[];
}

/** Port for Prometheus, as in a cluster. */
export const STATS_PORT = 15_090;
/** Without interception, proxies listen on 15021 for the gateways' Services. */
const statusPort = (options: Pick<ProxyOptions, 'intercepts'>) => (options.intercepts ? 15_021 : 15_019);

const HEALTH = { host: 'kubelet', path: '/healthz/ready' };

/** Envoy and Istio's agent, as in a pod. */
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
      toolPath(options.tools, 'pilot-agent'),
      'proxy',
      role,
      '--domain',
      `${pod.namespace}.svc.cluster.local`,
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

  /** Waits until the proxy has its configuration and listens. */
  async ready(): Promise<void> {
    await waitUntil(`the proxy of ${this.pod.name}`, this.agent, async () => {
      const { status } = await (this.options.command
        ? send({ address: this.pod.ip, port: statusPort(this.options) }, HEALTH)
        : this.admin('GET', '/ready'));
      return status === 200;
    });
  }

  /** Counters and gauges with matching names. */
  async stats(pattern: RegExp): Promise<ReadonlyMap<string, number>> {
    const { body } = await this.admin('GET', `/stats?filter=${encodeURIComponent(pattern.source)}`);
    const rows = body.split('\n').map((line) => /^(.+): (\d+)$/.exec(line));
    return new Map(
      rows.flatMap((row) => (row?.[1] !== undefined ? [[row[1], Number(row[2])] as const] : [])),
    );
  }

  /** A page of the admin interface, such as `/clusters` or `/config_dump`. */
  async page(path: string): Promise<string> {
    return (await this.admin('GET', path)).body;
  }

  /** Process id of the agent, the parent of Envoy. */
  get agentPid(): number {
    return this.agent.pid;
  }

  /** URL for Prometheus. */
  get statsUrl(): string {
    return `http://${this.pod.ip}:${STATS_PORT}/stats/prometheus`;
  }

  /** URL of the admin interface. */
  get adminUrl(): string {
    return `http://127.0.0.1:${this.options.adminPort}`;
  }

  /** Stops it as the kubelet does: it drains for as long as the pod's annotation configures. */
  async drain(): Promise<void> {
    await this.agent.stop();
  }

  /** Stops it without draining. Envoy quits first, then the agent. */
  async stop(): Promise<void> {
    if (this.agent.ended()) return;
    if (!this.options.command) await this.admin('POST', '/quitquitquit');
    await this.agent.stop();
  }

  private admin(method: string, path: string) {
    return send({ address: '127.0.0.1', port: this.options.adminPort }, { host: 'localhost', method, path });
  }
}

function prepareHome(
  home: string,
  { pod, tools, certificate, rootFile, histogramBoundariesMs }: ProxyOptions,
): void {
  const secrets = join(home, 'var/run/secrets/workload-spiffe-credentials');
  const templates = join(home, 'var/lib/istio/envoy');
  for (const folder of [secrets, templates, join(home, 'etc/istio/proxy'), join(home, 'etc/istio/pod')])
    mkdirSync(folder, { recursive: true });
  copyFileSync(certificate.certificateFile, join(secrets, 'cert-chain.pem'));
  copyFileSync(certificate.keyFile, join(secrets, 'key.pem'));
  copyFileSync(rootFile, join(secrets, 'root-cert.pem'));
  if (histogramBoundariesMs !== undefined) {
    // The agent reads annotations as the downward API writes them.
    const buckets = JSON.stringify({ cluster: histogramBoundariesMs });
    const annotation = `sidecar.istio.io/statsHistogramBuckets=${JSON.stringify(buckets)}\n`;
    writeFileSync(join(home, 'etc/istio/pod/annotations'), annotation);
  }
  // The wildcard address would include the addresses of the other pods.
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
