/** The releases of a change beside those of its base, service by service. */
import type { ReleaseEntry } from '../canary/stage';
import { checkDocuments } from '../catalogue/load';
import type { Catalogue, Environment } from '../environment';
import { releaseSchema, type ReleaseSpec } from '../schema/release-schema';
import type { Service } from '../service';
import type { FolderContent } from '../source/read-folder';
import type { Violation } from '../source/violation';
import { YamlDocument, type Path } from '../source/yaml-document';

/** A violation of a rule on changes of releases. */
export interface ReleaseTransitionViolation extends Violation {
  readonly environment: string;
  /** Name in the catalogue of the change. */
  readonly service: string;
  /** `REL-…`. */
  readonly ruleId: string;
}

/** Both sides of a resolved part of the catalogue. A side that is invalid or lacks it is `undefined`. */
export interface BothSides<T> {
  readonly base: T | undefined;
  readonly head: T | undefined;
}

/** One service of the change in one environment of the change. */
export interface ServiceRelease {
  readonly environmentName: string;
  /** Whether the base has no file of the environment: nothing runs there yet. */
  readonly isNewEnvironment: boolean;
  /** Name in the catalogue of the change. */
  readonly serviceName: string;
  /** The name, and the former one of a renamed service. */
  readonly names: readonly string[];
  readonly before: ReleaseEntry | undefined;
  readonly after: ReleaseEntry | undefined;
  readonly environment: BothSides<Environment>;
  readonly service: BothSides<Service>;
  /** @param path in the entry of the service */
  readonly violation: (
    ruleId: string,
    path: Path,
    message: string,
    fix: string,
  ) => ReleaseTransitionViolation;
}

/** Every service in every environment of the change. Files with errors of their own are skipped. */
export function serviceReleases(base: FolderContent, head: FolderContent, today: string): ServiceRelease[] {
  const [was, is] = [sideOf(base, today), sideOf(head, today)];
  return [...is.environments].flatMap(([environmentName, document]) => {
    const [former, file] = [was.releases.get(environmentName), is.releases.get(environmentName)];
    if (former === 'invalid' || file === 'invalid') return [];
    const [before, after] = [releasesIn(former), releasesIn(file)];
    const place = file?.document ?? document;
    const environment = {
      base: environmentIn(was.catalogue, environmentName),
      head: environmentIn(is.catalogue, environmentName),
    };
    return is.services.map((serviceName): ServiceRelease => {
      const present = serviceIn(environment.head, serviceName);
      const former = present?.renamedFrom;
      const names = [serviceName, ...(former === undefined ? [] : [former])];
      return {
        environmentName,
        isNewEnvironment: !was.environments.has(environmentName),
        serviceName,
        names,
        before: names.map((name) => before[name]).find((entry) => entry !== undefined),
        after: after[serviceName],
        environment,
        service: { base: serviceIn(environment.base, serviceName), head: present },
        violation: (ruleId, path, message, fix) => ({
          ...place.violation(['services', serviceName, ...path], message, fix),
          environment: environmentName,
          service: serviceName,
          ruleId,
        }),
      };
    });
  });
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

function environmentIn({ environments }: Catalogue, name: string): Environment | undefined {
  return environments.find((environment) => environment.name === name);
}

function serviceIn(environment: Environment | undefined, name: string): Service | undefined {
  return environment?.services.find(({ catalogueName }) => catalogueName === name);
}
