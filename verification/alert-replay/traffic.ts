/** Requests as the mesh's metrics count them, in promtool's notation. */
import { STABLE_VERSION, workloadName } from '../../model/naming';
import { METRICS } from '../../model/queries';
import { latencyReading, LATENCY_BOUNDARIES_MS } from '../../model/slo/latency-reading';
import type { Objective, SloSubject } from '../../model/slo/subjects';
import { evenly, mixed, type Latencies } from './latencies';

/** A period with a constant rate of requests and failures. */
export interface Phase {
  /** There is one sample per minute. */
  readonly minutes: number;
  readonly requestsPerMinute: number;
  /** Share of failed requests, or of slow ones for a latency SLO. */
  readonly failureRatio: number;
  /** Of a latency SLO. @default - `failureRatio` of the responses are slow for certain, the others clearly fast */
  readonly latencies?: Latencies;
  /** False while metrics are missing; requests continue. */
  readonly measured: boolean;
}

export interface TrafficSeries {
  readonly series: string;
  readonly values: string;
}

type Labels = Readonly<Record<string, string>>;

/** Requests to the subject, and to an unrelated service that always fails and must not affect the alert. */
export function seriesOf(
  subject: SloSubject,
  objective: Pick<Objective, 'thresholdMs'> | undefined,
  phases: readonly Phase[],
  missingEvery = Infinity,
): TrafficSeries[] {
  const [callee] = subject.callees;
  const caller = subject.caller ?? { name: 'some-caller', namespace: 'some-namespace' };
  const own = destinations(subject).flatMap(({ labels, share }) =>
    counters(labelsOf({ ...labels, ...sourceLabels(caller) }), objective, phases, share, missingEvery),
  );
  const always: readonly Phase[] = phases.map((phase) => ({ ...phase, failureRatio: 1, measured: true }));
  const unrelated =
    subject.caller === undefined
      ? { ...destinationLabels('unrelated', 'unrelated-v1', callee.namespace), ...sourceLabels(caller) }
      : {
          ...destinationLabels(callee.name, workloadName(callee.name, STABLE_VERSION), callee.namespace),
          ...sourceLabels({ name: 'unrelated', namespace: caller.namespace }),
        };
  const decoy = subject.kind === 'service' || objective !== undefined;
  return decoy ? [...own, ...counters(labelsOf(unrelated), objective, always, 1, missingEvery)] : own;
}

interface Destination {
  readonly labels: Labels;
  /** Share of the subject's requests. */
  readonly share: number;
}

/** Each version that may run takes an equal share. */
function destinations({ callees }: SloSubject): Destination[] {
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

/** A request that finds no pod has no labels of its destination except the called Service. */
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
  missingEvery: number,
): TrafficSeries[] {
  const count = (metric: string, extra: Labels, part: (phase: Phase) => number): TrafficSeries => ({
    series: `${metric}{${Object.entries(extra)
      .map(([label, value]) => `${label}="${value}"`)
      .join(',')}}`,
    values: counterValues(phases, missingEvery, (phase) => phase.requestsPerMinute * share * part(phase)),
  });
  const answered = { ...labels, response_code: '200' };
  const threshold = objective?.thresholdMs;
  if (threshold === undefined) {
    return [
      count(METRICS.clientRequests, answered, ({ failureRatio }) => 1 - failureRatio),
      count(METRICS.clientRequests, failed(labels), ({ failureRatio }) => failureRatio),
    ];
  }
  const bucket = (le: number) =>
    count(METRICS.clientLatencyBuckets, { ...answered, le: le === Infinity ? '+Inf' : `${le}` }, (phase) =>
      le === Infinity ? 1 : latenciesOf(phase, threshold)(le),
    );
  return [
    count(METRICS.clientRequests, answered, () => 1),
    ...[...boundariesAround(threshold), Infinity].map(bucket),
  ];
}

function latenciesOf({ latencies, failureRatio }: Phase, thresholdMs: number): Latencies {
  const { certainFromMs = Infinity } = latencyReading(thresholdMs);
  return (
    latencies ?? mixed(failureRatio, evenly(certainFromMs, 2 * certainFromMs), evenly(0, thresholdMs / 4))
  );
}

/** Those of the metric, without the ones far from the threshold, whose counts make no difference. */
function boundariesAround(thresholdMs: number): number[] {
  return LATENCY_BOUNDARIES_MS.filter((le) => le > thresholdMs / 4 && le < thresholdMs * 8);
}

function labelsOf(labels: Labels): Labels {
  return { monitored_resource: 'istio_canonical_service', ...labels };
}

/** Samples are missing in the last hour of each phase only: the notation would be too long for days of them. */
const GAPS_MINUTES = 60;

/** `0`, then the first value, step and repetitions of each phase: `20+20x59`. */
function counterValues(
  phases: readonly Phase[],
  missingEvery: number,
  perMinute: (phase: Phase) => number,
): string {
  let value = 0;
  const parts = ['0'];
  const run = (step: number, minutes: number) => {
    if (minutes > 0) parts.push(`${plain(value + step)}+${plain(step)}x${minutes - 1}`);
    value += step * minutes;
  };
  for (const phase of phases) {
    const step = perMinute(phase);
    if (!phase.measured) {
      if (phase.minutes > 0) parts.push(`_x${phase.minutes}`);
      value += step * phase.minutes;
      continue;
    }
    const gaps = Math.floor(Math.min(phase.minutes, GAPS_MINUTES) / missingEvery);
    run(step, phase.minutes - (gaps > 0 ? gaps * missingEvery : 0));
    for (let gap = 0; gap < gaps; gap++) {
      parts.push('_');
      value += step;
      run(step, missingEvery - 1);
    }
  }
  return parts.join(' ');
}

/** promtool does not read exponents. */
function plain(value: number): string {
  return Number(value.toFixed(6)).toString();
}
