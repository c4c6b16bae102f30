/** Counts of the requests to a canary and its stable version, and the queries for them. */
import { z } from 'zod';
import type { Service } from '../service';
import {
  successfulSelector,
  failedSelector,
  latencySelector,
  totalSelector,
  versionRequests,
} from '../slo/requests';
import { slowShares } from '../slo/latency-reading';
import { canaryVersion } from './weight-cap';
import type { Comparison } from './decision';
import { orNone, sinceInstant, type Span } from './spans';
import type { Tally } from './sequential-test';
import { OBJECTIVES, type ObjectiveName } from './tests';

export type Counts = Readonly<Record<ObjectiveName, Comparison>>;

export interface Evidence {
  /** Since the step began, but no longer than `longestBakeMinutes`. */
  readonly step: Counts;
  /** Over the window of the fast detectors. */
  readonly recent: Counts;
}

const tally = z
  .strictObject({ all: z.number().min(0), failed: z.number().min(0) })
  .refine(({ all, failed }) => failed <= all, 'has more failed requests than requests');
const comparison = z.strictObject({ canary: tally, stable: tally });
const counts = z.strictObject({ availability: comparison, latency: comparison });

/** Format of a file with evidence. */
export const evidenceSchema = z.strictObject({ step: counts, recent: counts });

const SPANS = ['step', 'recent'] as const;
const VERSIONS = ['canary', 'stable'] as const;

/** Results of {@link evidenceQueries} by name: a value for each label `le`; without the label, the key is ''. */
export type QueryResults = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** PromQL by name: the counts that the detectors use. */
export function evidenceQueries(service: Service): ReadonlyMap<string, string> {
  const queries = new Map<string, string>();
  const spans = spansOf(service);
  for (const span of SPANS) {
    for (const version of VERSIONS) {
      const requests = versionRequests(service, nameOf(service, version));
      const count = (selector: string) => orNone(spans[span].count(selector));
      queries.set(`${span} ${version} all`, count(totalSelector(requests)));
      queries.set(`${span} ${version} failed`, count(failedSelector(requests)));
      queries.set(`${span} ${version} answered`, count(successfulSelector(requests)));
      queries.set(`${span} ${version} times`, spans[span].count(latencySelector(requests), 'le'));
    }
  }
  return queries;
}

export function evidenceFrom(results: QueryResults, thresholdMs: number): Evidence {
  const value = (name: string) => results.get(name)?.get('') ?? 0;
  const of = (
    span: (typeof SPANS)[number],
    version: (typeof VERSIONS)[number],
    objective: ObjectiveName,
  ): Tally => {
    const name = `${span} ${version}`;
    if (objective === 'availability') return { all: value(`${name} all`), failed: value(`${name} failed`) };
    const times = results.get(`${name} times`) ?? new Map<string, number>();
    // Requests without a latency do not count as fast.
    const all = Math.min(value(`${name} answered`), times.get('+Inf') ?? 0);
    return { all, failed: all * slowShares(times, thresholdMs).counted };
  };
  const countsOf = (span: (typeof SPANS)[number]) =>
    Object.fromEntries(
      OBJECTIVES.map((objective) => [
        objective,
        { canary: of(span, 'canary', objective), stable: of(span, 'stable', objective) },
      ]),
    ) as Counts;
  return { step: countsOf('step'), recent: countsOf('recent') };
}

function spansOf({ canaryPolicy, canaryRelease }: Service): Readonly<Record<(typeof SPANS)[number], Span>> {
  const { longestBakeMinutes = 240, detection } = canaryPolicy ?? {};
  return {
    step: sinceInstant(canaryRelease.stepSinceSeconds, longestBakeMinutes),
    recent: sinceInstant(canaryRelease.startedAtSeconds, detection?.fastWindowMinutes ?? 5),
  };
}

function nameOf(service: Service, version: (typeof VERSIONS)[number]): string {
  const canary = canaryVersion(service);
  if (canary === undefined) throw new Error(`no canary of ${service.name} runs`);
  return version === 'canary' ? canary.name : service.versions[0].name;
}
