/** One service in one environment, as data for `mesh show`. */
import { crossOriginAccess } from '../../model/browsers/cross-origin';
import { responseHeaders } from '../../model/browsers/response-headers';
import { describeRequirement } from '../../model/admission';
import { CallGraph, ingressGatewayWorkload } from '../../model/call-graph';
import type { Environment } from '../../model/environment';
import { CONFIG_FOLDER, secretMountFolder } from '../../model/naming';
import { containerVariables, platformVariables } from '../../model/platform-variables';
import { EXTERNAL_CLIENTS } from '../../model/review/facts/fact';
import type { Access, Service, Stream, Version } from '../../model/service';
import { isStreamOnly } from '../../model/streams';
import { serviceSubject, effectiveSeverity } from '../../model/slo/subjects';
import { webhooksOf } from '../../model/webhooks';
import type { AlertSeverity } from '../../model/slo/burn-rate-alerts';

export interface ServiceFacts extends Pick<
  Service,
  | 'name'
  | 'description'
  | 'owner'
  | 'domain'
  | 'namespace'
  | 'tier'
  | 'pciScope'
  | 'retries'
  | 'circuitBreaker'
  | 'autoscaling'
  | 'secrets'
> {
  readonly environment: string;
  /** Address inside the mesh. */
  readonly address: string;
  /** Public addresses, one for each host and path. */
  readonly publicAddresses: readonly string[];
  /** What pages of other hosts may call, and the content security policy of its own pages. */
  readonly browsers: readonly string[];
  readonly versions: readonly Pick<Version, 'name' | 'workload' | 'host' | 'image' | 'weightPercent'>[];
  readonly webhooks: readonly WebhookFacts[];
  readonly callers: readonly CallerFacts[];
  readonly calls: readonly CallFacts[];
  /** Timeout: a caller gets a response or an error within this time. */
  readonly worstCaseMs: number;
  /** All attempts together; 0 without retries. A rule keeps it below the timeout. */
  readonly allAttemptsMs: number;
  /** Timeouts of its own calls added up, in the version with the highest sum. */
  readonly callsMs: number;
  readonly streams: readonly Stream[];
  readonly slos: readonly SloFacts[];
  /** Engine, if the service uses the database. */
  readonly database?: string;
  readonly ports: readonly { readonly port: number; readonly use: string }[];
  /** What the container of each version gets, the stable version first. */
  readonly containers: readonly ContainerFacts[];
}

export interface ContainerFacts {
  readonly version: string;
  readonly command: readonly string[] | undefined;
  readonly args: readonly string[] | undefined;
  /** Variables that the platform sets have a meaning. */
  readonly variables: readonly { readonly name: string; readonly value: string; readonly meaning?: string }[];
  /** Paths of configuration files and secrets. */
  readonly files: readonly string[];
}

export interface CallerFacts extends Access {
  readonly caller: string;
  /** Whether an end-user token is required. */
  readonly jwt: 'required' | 'none';
  /** What the token must say. */
  readonly requires: readonly string[];
}

/** Calls of a third party, without an end-user token. */
export interface WebhookFacts {
  readonly url: string;
  readonly sourceRanges: readonly string[];
  readonly requestsPerMinute: number;
  readonly signingSecret: string;
}

export interface CallFacts extends Access {
  readonly version: string;
  readonly callee: string;
  readonly isExternal: boolean;
  readonly timeoutMs: number;
  /** Whether it only opens streams, which have no timeout. */
  readonly isStream: boolean;
}

export interface SloFacts {
  readonly slo: string;
  readonly indicator: 'availability' | 'latency';
  readonly alerts: readonly {
    readonly severity: AlertSeverity;
    /** Share of failed or slow requests above which it fires. */
    readonly failurePercent: number;
    readonly overHours: number;
  }[];
}

export function serviceFacts(environment: Environment, service: Service): ServiceFacts {
  const graph = new CallGraph(environment);
  const calls = service.versions.flatMap((version) => callsOf(environment, version));
  const { name, description, owner, domain, namespace, tier, pciScope } = service;
  const { timeoutMs, retries, circuitBreaker, autoscaling, secrets } = service;
  return {
    name: service.catalogueName,
    description,
    owner,
    domain,
    namespace,
    tier,
    pciScope,
    environment: environment.name,
    address: `http://${service.host}`,
    publicAddresses: service.ingress.flatMap(({ host, paths }) =>
      paths.map((path) => `https://${environment.domainNames[host]}${path}`),
    ),
    browsers: browsersOf(environment, service),
    versions: service.versions.map(({ name, workload, host, image, weightPercent }) => ({
      name,
      workload,
      host,
      image,
      weightPercent,
    })),
    webhooks: webhooksOf(environment)
      .filter((webhook) => webhook.service.name === name)
      .map(({ host, path, webhook }) => ({ url: `https://${host}${path}`, ...webhook })),
    callers: graph.callersOf(name).map(({ caller, methods, paths, jwt, requires }) => ({
      caller: caller === ingressGatewayWorkload ? EXTERNAL_CLIENTS : caller.serviceAccount,
      methods,
      paths,
      jwt,
      requires: describeRequirement(requires),
    })),
    calls,
    worstCaseMs: timeoutMs,
    allAttemptsMs: retries.attempts === 0 ? 0 : (retries.attempts + 1) * (retries.perTryTimeoutMs ?? 0),
    callsMs: longestWaitMs(service.versions, calls),
    retries,
    circuitBreaker,
    autoscaling,
    secrets,
    streams: service.streams,
    slos: slosOf(service, environment.services),
    ...(service.database && { database: environment.database.engine }),
    ports: [
      { port: service.port, use: `requests, ${service.protocol}` },
      ...(service.adminPort === undefined ? [] : [{ port: service.adminPort, use: 'admin, probes only' }]),
    ],
    containers: service.versions.map((version) => containerOf(environment, graph, service, version)),
  };
}

function browsersOf(environment: Environment, { ingress }: Service): string[] {
  return ingress.flatMap((route) => {
    const access = crossOriginAccess(environment, route);
    const requests = `${route.methods.join(' ')} ${route.paths.join(' ')}`;
    const cookies = access?.credentials === true ? ', with cookies' : '';
    const policies = route.methods.includes('GET')
      ? Object.entries(responseHeaders(environment, route).add)
      : [];
    return [
      ...(access === undefined
        ? []
        : [`pages of ${access.origins.join(', ')} may call ${requests}${cookies}`]),
      ...policies.map(([name, value]) => `${requests} has ${name}: ${value}`),
    ];
  });
}

function containerOf(
  environment: Environment,
  graph: CallGraph,
  service: Service,
  version: Version,
): ContainerFacts {
  const meanings = new Map(
    platformVariables(environment, graph, service, version).map(({ name, meaning }) => [name, meaning]),
  );
  return {
    version: version.name,
    command: service.command,
    args: version.args,
    variables: containerVariables(environment, graph, service, version).map((variable) => {
      const meaning = meanings.get(variable.name);
      return { ...variable, ...(meaning !== undefined && { meaning }) };
    }),
    files: [
      ...Object.keys(version.files).map((name) => `${CONFIG_FOLDER}/${name}`),
      ...service.secrets.map((secret) => `${secretMountFolder(environment.mesh.name)}/${secret}`),
    ],
  };
}

function callsOf(environment: Environment, version: Version): CallFacts[] {
  const facts = (
    callee: string,
    { methods, paths }: Access,
    known: readonly CalledHost[],
    isExternal: boolean,
  ) => {
    const { timeoutMs = 0, streams = [] } = known.find(({ name }) => name === callee) ?? {};
    return {
      version: version.name,
      callee,
      isExternal,
      methods,
      paths,
      timeoutMs,
      isStream: isStreamOnly({ streams }, { methods, paths }),
    };
  };
  return [
    ...version.calls.map((call) => facts(call.service, call, environment.services, false)),
    ...version.externalCalls.map((call) => facts(call.external, call, environment.externals, true)),
  ];
}

type CalledHost = Pick<Service, 'name' | 'timeoutMs'> & Partial<Pick<Service, 'streams'>>;

function longestWaitMs(versions: readonly Version[], calls: readonly CallFacts[]): number {
  const waits = versions.map(({ name }) =>
    calls
      .filter(({ version, isStream }) => version === name && !isStream)
      .reduce((sum, { timeoutMs }) => sum + timeoutMs, 0),
  );
  return Math.max(...waits);
}

function slosOf(service: Service, services: readonly Service[]): SloFacts[] {
  const subject = serviceSubject(service, services);
  return subject.objectives.map(({ sentence, indicator, burnRateAlerts }) => ({
    slo: sentence,
    indicator,
    alerts: burnRateAlerts.map(({ severity, failureRatio, longMinutes }) => ({
      severity: effectiveSeverity(subject, severity),
      failurePercent: Number((failureRatio * 100).toPrecision(3)),
      overHours: longMinutes / 60,
    })),
  }));
}
