/** What a run of the lab leaves behind. */
import { type Environment } from '../../../model/environment';
import { type TestResult } from '../../support/lab-test';

export interface Report {
  readonly environment: string;
  readonly passed: boolean;
  readonly passedTests: number;
  readonly failedTests: number;
  readonly durationMs: number;
  readonly cannotShow: readonly string[];
  /** What this machine could not show, and why; another could. */
  readonly notShown: readonly string[];
  readonly edges: readonly ReportedEdge[];
  readonly verdicts: readonly TestResult[];
}

export interface ReportedEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Said in every report, so that nobody takes the lab for more than it is. */
export const CANNOT_SHOW = [
  "Google's own control plane: the configuration comes from Istio's open-source generator, of the version in verification/toolchain/mesh/go.mod.",
  "Google's build of the sidecar: the proxies are upstream Envoy, of the version in verification/toolchain/envoy/requirements.txt, without Istio's own filters.",
  'Istio telemetry: metrics such as istio_requests_total, access logs in Cloud Logging and traces come from those filters.',
  'NetworkPolicies: nothing here enforces them; a pure evaluator asserts all pairs in the unit tests.',
  'The load balancer, Cloud Armor, DNS and IAM in front of and around the mesh.',
  'Interception of every pod: the connections of one are redirected; the others call their proxy by address. Names are resolved by a table, and UDP is redirected nowhere.',
  "Google's own kinds (GCPBackendPolicy, HealthCheckPolicy, GCPGatewayPolicy, ClusterPodMonitoring, SecretProviderClass): no definition of theirs can be had as a pinned module, so they are not admission-checked.",
] as const;

/** Of a run with its tools built, on two cores that do nothing else. A busy machine is no broken promise. */
export const LONGEST_RUN_MS = 120_000;

/** That the run took longer than it may, for whoever waits for it every day; nothing if it did not. */
export function describeOverrun({ durationMs }: Pick<Report, 'durationMs'>): string | undefined {
  if (durationMs <= LONGEST_RUN_MS) return undefined;
  return `${(durationMs / 1_000).toFixed(1)} s are more than the ${LONGEST_RUN_MS / 1_000} s that two idle cores may take: is the machine busy, or is a claim slower than it was?`;
}

export function makeReport(
  environment: Environment,
  verdicts: readonly TestResult[],
  durationMs: number,
  notShown: readonly string[] = [],
): Report {
  const failedTests = verdicts.filter(({ passed: passedTests }) => !passedTests).length;
  return {
    environment: environment.name,
    passed: failedTests === 0,
    passedTests: verdicts.length - failedTests,
    failedTests,
    durationMs: Math.round(durationMs),
    cannotShow: CANNOT_SHOW,
    notShown,
    edges: edgesOf(environment),
    verdicts,
  };
}

/** The call graph as the page draws it: versions apart, gateways and third parties included. */
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
