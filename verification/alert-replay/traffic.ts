/** Requests as the mesh's metrics would count them, in the notation of promtool. */
import { STABLE_VERSION, workloadName } from '../../model/naming';
import { METRICS } from '../../model/queries';
import type { Objective, Subject } from '../../model/slo/subjects';

/** A time in which requests come and fail evenly. */
export interface Phase {
  /** There is a sample a minute. */
  readonly minutes: number;
  readonly requestsPerMinute: number;
  /** Share that fails, or is slow where the promise is on latency. */
  readonly failureRatio: number;
  /** Whether anything is measured; requests go on all the same. */
  readonly measured: boolean;
}

export interface Series {
  readonly series: string;
  readonly values: string;
}

type Labels = Readonly<Record<string, string>>;

/** What the subject is asked, and beside it a stranger whose every request fails and which must not be seen. */
export function seriesOf(
  subject: Subject,
  objective: Pick<Objective, 'thresholdMs'> | undefined,
  phases: readonly Phase[],
): Series[] {
  const [callee] = subject.callees;
  const caller = subject.caller ?? { name: 'some-caller', namespace: 'some-namespace' };
  const own = destinations(subject).flatMap(({ labels, share }) =>
    counters(labelsOf({ ...labels, ...sourceLabels(caller) }), objective, phases, share),
  );
  const always: readonly Phase[] = phases.map((phase) => ({ ...phase, failureRatio: 1, measured: true }));
  const stranger =
    subject.caller === undefined
      ? { ...destinationLabels('stranger', 'stranger-v1', callee.namespace), ...sourceLabels(caller) }
      : {
          ...destinationLabels(callee.name, workloadName(callee.name, STABLE_VERSION), callee.namespace),
          ...sourceLabels({ name: 'stranger', namespace: caller.namespace }),
        };
  const decoy = subject.kind === 'service' || objective !== undefined;
  return decoy ? [...own, ...counters(labelsOf(stranger), objective, always, 1)] : own;
}

interface Destination {
  readonly labels: Labels;
  /** Of the subject's requests. */
  readonly share: number;
}

/** Every version that may run takes its part. */
function destinations({ callees }: Subject): Destination[] {
  const all = callees.flatMap(({ name, namespace, canaryPolicy }) =>
    [STABLE_VERSION, ...(canaryPolicy === undefined ? [] : [canaryPolicy.version])].map((version) =>
      destinationLabels(name, workloadName(name, version), namespace),
    ),
  );
  return all.map((labels) => ({ labels, share: 1 / all.length }));
}

function destinationLabels(service: string, host: string, namespace: string): Labels {
  return {
    destination_service_name: host,
    destination_service_namespace: namespace,
    destination_canonical_service_name: service,
    destination_canonical_service_namespace: namespace,
  };
}

function sourceLabels({ name, namespace }: { readonly name: string; readonly namespace: string }): Labels {
  return { source_canonical_service_name: name, source_canonical_service_namespace: namespace };
}

/** No pod is reached by a request that fails for want of one, so nothing is known of it but the called Service. */
function failed(labels: Labels): Labels {
  return {
    ...labels,
    destination_canonical_service_name: 'unknown',
    destination_canonical_service_namespace: 'unknown',
    response_code: '503',
  };
}

function counters(
  labels: Labels,
  objective: Pick<Objective, 'thresholdMs'> | undefined,
  phases: readonly Phase[],
  share: number,
): Series[] {
  const count = (metric: string, extra: Labels, part: (phase: Phase) => number): Series => ({
    series: `${metric}{${Object.entries(extra)
      .map(([label, value]) => `${label}="${value}"`)
      .join(',')}}`,
    values: counterValues(phases, (phase) => phase.requestsPerMinute * share * part(phase)),
  });
  const answered = { ...labels, response_code: '200' };
  const threshold = objective?.thresholdMs;
  if (threshold === undefined) {
    return [
      count(METRICS.clientRequests, answered, ({ failureRatio }) => 1 - failureRatio),
      count(METRICS.clientRequests, failed(labels), ({ failureRatio }) => failureRatio),
    ];
  }
  const bucket = (le: string, part: (phase: Phase) => number) =>
    count(METRICS.clientLatencyBuckets, { ...answered, le }, part);
  return [
    count(METRICS.clientRequests, answered, () => 1),
    // Fast answers take under half of the threshold, slow ones between it and its double.
    bucket(`${threshold / 2}`, ({ failureRatio }) => 1 - failureRatio),
    bucket(`${threshold}`, ({ failureRatio }) => 1 - failureRatio),
    bucket(`${threshold * 2}`, () => 1),
    bucket('+Inf', () => 1),
  ];
}

function labelsOf(labels: Labels): Labels {
  return { monitored_resource: 'istio_canonical_service', ...labels };
}

/** `0`, then for each phase its first value, step and repetitions: `20+20x59`. */
function counterValues(phases: readonly Phase[], perMinute: (phase: Phase) => number): string {
  let value = 0;
  const parts = ['0'];
  for (const phase of phases) {
    if (phase.minutes === 0) continue;
    const step = perMinute(phase);
    if (phase.measured) parts.push(`${plain(value + step)}+${plain(step)}x${phase.minutes - 1}`);
    else parts.push(`_x${phase.minutes}`);
    value += step * phase.minutes;
  }
  return parts.join(' ');
}

/** promtool reads no exponents. */
function plain(value: number): string {
  return Number(value.toFixed(6)).toString();
}
