import { type Environment } from '../../../model/environment';
import { type TestResult } from '../../support/lab-test';

export interface Report {
  readonly environment: string;
  readonly passed: boolean;
  readonly passedTests: number;
  readonly failedTests: number;
  readonly durationMs: number;
  readonly cannotShow: readonly string[];
  /** What could not be tested on this machine. */
  readonly notShown: readonly NotShown[];
  readonly edges: readonly ReportedEdge[];
  readonly results: readonly TestResult[];
}

export interface NotShown {
  /** Group of the tests that did not run. */
  readonly group: string;
  readonly reason: string;
}

export interface ReportedEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** The limits of the lab, repeated in every report. */
export const CANNOT_SHOW = [
  "Google's own control plane: the configuration comes from Istio's open-source generator, of the version in verification/toolchain/mesh/go.mod.",
  "Google's build of the sidecar: the proxies are upstream Envoy, of the version in verification/toolchain/envoy/requirements.txt, without Istio's own filters.",
  'Istio telemetry: metrics such as istio_requests_total, access logs in Cloud Logging and traces come from those filters.',
  'NetworkPolicies: nothing here enforces them; a pure evaluator asserts all pairs in the unit tests.',
  'The load balancer, Cloud Armor, DNS and IAM in front of and around the mesh.',
  'Interception of every pod: the connections of one pod are redirected; the other applications call their proxy by address. A table replaces DNS, and UDP is not redirected.',
  "Google's own kinds (GCPBackendPolicy, HealthCheckPolicy, GCPGatewayPolicy, ClusterPodMonitoring, SecretProviderClass): Google publishes no definitions of them that could be pinned, so their admission is not tested.",
] as const;

/** For two idle cores with the tools already built. A longer run is reported, but is not a failure. */
export const LONGEST_RUN_MS = 120_000;

/** Warning about a run that took longer than `LONGEST_RUN_MS`. */
export function describeOverrun({ durationMs }: Pick<Report, 'durationMs'>): string | undefined {
  if (durationMs <= LONGEST_RUN_MS) return undefined;
  return `${(durationMs / 1_000).toFixed(1)} s exceed the limit of ${LONGEST_RUN_MS / 1_000} s for two idle cores: is the machine busy, or did a test become slower?`;
}

export function describeNotShown({ group, reason }: NotShown): string {
  return `${group}: ${reason}`;
}

export function makeReport(
  environment: Environment,
  results: readonly TestResult[],
  durationMs: number,
  notShown: readonly NotShown[] = [],
): Report {
  const failedTests = results.filter(({ passed }) => !passed).length;
  return {
    environment: environment.name,
    passed: failedTests === 0,
    passedTests: results.length - failedTests,
    failedTests,
    durationMs: Math.round(durationMs),
    cannotShow: CANNOT_SHOW,
    notShown,
    edges: edgesOf(environment),
    results,
  };
}

/** The call graph with each version, the gateways and the third parties. */
function edgesOf({ services, externals }: Environment): ReportedEdge[] {
  const named = new Map(services.map((service) => [service.name, service.versions]));
  return [
    ...services.flatMap((service) =>
      service.ingress.length === 0
        ? []
        : service.versions.map(({ workload, weightPercent }) => ({
            from: 'ingress-gateway',
            to: workload,
            label: service.versions.length > 1 ? `${weightPercent} %` : '',
          })),
    ),
    ...services.flatMap(({ versions }) =>
      versions.flatMap((version) => [
        ...version.calls.flatMap(({ service }) =>
          (named.get(service) ?? []).map(({ workload }) => ({
            from: version.workload,
            to: workload,
            label: '',
          })),
        ),
        ...version.externalCalls.map(() => ({ from: version.workload, to: 'egress-gateway', label: '' })),
      ]),
    ),
    ...externals.map(({ name }) => ({ from: 'egress-gateway', to: name, label: 'TLS' })),
  ];
}
