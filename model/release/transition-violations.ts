/** Compares the release files of a change with those of its base. */
import { stepAt } from '../canary/steps';
import { checkDocuments } from '../catalogue/load';
import type { Catalogue } from '../environment';
import type { ReleaseEntry } from '../canary/stage';
import { releaseSchema, type ReleaseSpec } from '../schema/release-schema';
import type { Service } from '../service';
import type { FolderContent } from '../source/read-folder';
import { sortByPlace, type Violation } from '../source/violation';
import { YamlDocument } from '../source/yaml-document';
import type { ReleaseTransition } from './transition';
import { TRANSITION_RULES } from './transition-rules';

export interface ReleaseTransitionViolation extends Violation {
  readonly environment: string;
  /** Name in the catalogue of the change. */
  readonly service: string;
  /** `REL-…`. */
  readonly ruleId: string;
}

/**
 * Violations of {@link TRANSITION_RULES} by the change from `base` to `head`, sorted by place in `head`. Environments
 * that `base` does not have are new: nothing runs there that a release could interrupt. Files with errors of their own
 * are skipped, because `mesh validate` reports them.
 */
export function releaseTransitionViolations(
  base: FolderContent,
  head: FolderContent,
  now: Date,
): ReleaseTransitionViolation[] {
  const today = now.toISOString().slice(0, 10);
  const [was, is] = [sideOf(base, today), sideOf(head, today)];
  const violations = [...is.environments].flatMap(([environment, document]) => {
    if (!was.environments.has(environment)) return [];
    const [former, file] = [was.releases.get(environment), is.releases.get(environment)];
    if (former === 'invalid' || file === 'invalid') return [];
    const before = releasesIn(former);
    const after = releasesIn(file);
    const place = file?.document ?? document;
    return is.services.flatMap((service) => {
      const policies = [was, is].map(({ catalogue }) => serviceIn(catalogue, environment, service));
      const formerName = policies[1]?.renamedFrom;
      const transition: ReleaseTransition = {
        before: before[service] ?? (formerName === undefined ? undefined : before[formerName]),
        after: after[service],
        ...policyOf(policies.find((policy) => policy?.canaryPolicy !== undefined)),
        now,
      };
      return TRANSITION_RULES.flatMap(({ id, check }) =>
        check(transition).map(({ path, message, fix }): ReleaseTransitionViolation => ({
          ...place.violation(['services', service, ...path], message, fix),
          environment,
          service,
          ruleId: id,
        })),
      );
    });
  });
  return sortByPlace(violations) as ReleaseTransitionViolation[];
}

interface ReleaseFile {
  readonly document: YamlDocument;
  readonly spec: ReleaseSpec;
}

interface Side {
  readonly catalogue: Catalogue;
  /** Names of files. */
  readonly services: readonly string[];
  readonly environments: ReadonlyMap<string, YamlDocument>;
  readonly releases: ReadonlyMap<string, ReleaseFile | 'invalid'>;
}

function sideOf({ files, violations }: FolderContent, today: string): Side {
  const documents = files.map((file) => new YamlDocument(file));
  const of = (kind: string) => documents.filter(({ source }) => source.kind === kind);
  return {
    catalogue: checkDocuments(documents, violations, today),
    services: of('service').map(({ source }) => source.stem),
    environments: new Map(of('environment').map((document) => [document.source.stem, document])),
    releases: new Map(
      of('release').map((document) => {
        const { data: spec } = releaseSchema.safeParse(document.value);
        return [document.source.stem, spec === undefined ? 'invalid' : { document, spec }];
      }),
    ),
  };
}

function releasesIn(file: ReleaseFile | undefined): Readonly<Record<string, ReleaseEntry>> {
  return file?.spec.services ?? {};
}

function serviceIn({ environments }: Catalogue, environment: string, service: string): Service | undefined {
  return environments
    .find(({ name }) => name === environment)
    ?.services.find(({ catalogueName }) => catalogueName === service);
}

function policyOf(service: Service | undefined): Pick<ReleaseTransition, 'stepsPercent' | 'bakeMinutesAt'> {
  const policy = service?.canaryPolicy;
  if (service === undefined || policy === undefined) return { stepsPercent: [100], bakeMinutesAt: () => 0 };
  return {
    stepsPercent: policy.stepsPercent,
    bakeMinutesAt: (weightPercent) => stepAt(service, weightPercent, policy.bakeMinutes).bakeMinutes,
  };
}
