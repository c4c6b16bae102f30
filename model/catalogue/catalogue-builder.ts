/** Builds the catalogue from parsed documents and collects every violation on the way. */
import type { z } from 'zod';
import type { Catalogue } from '../environment';
import { environmentSchema, type EnvironmentSpec } from '../schema/environment-schema';
import { externalSchema, type ExternalSpec } from '../schema/external-schema';
import { meshSchema, type MeshSpec } from '../schema/mesh-schema';
import { releaseSchema, type ReleaseSpec } from '../schema/release-schema';
import { resourceNameOf, serviceSchema, type ServiceSpec } from '../schema/service-schema';
import type { WaiverSpec } from '../schema/waiver-schema';
import type { SourceKind } from '../source/read-folder';
import { sortByPlace, type Violation } from '../source/violation';
import type { YamlDocument } from '../source/yaml-document';
import { checkEnvironment, checkPipelineStart, checkRelease } from './environment-checks';
import { checkFormerNames, withResourceNames } from './former-names';
import {
  checkCycles,
  checkDerivedNames,
  checkDomainNames,
  checkIngress,
  checkReferences,
  type ServiceViolation,
} from './graph-checks';
import { applyOverrides } from './overrides';
import { locate, parse, type SpecViolation } from './parse';
import { checkPromotion } from './promotion-checks';
import { resolveEnvironment } from './resolve';
import { checkRules, type WaivingFile } from './rule-check';
import { checkCallEnvironments, checkService } from './service-checks';
import { checkJourneys, checkOwners } from './slo-checks';

/** A document and its parsed content; undefined if it has violations. */
interface Entry<T> {
  readonly document: YamlDocument;
  readonly spec: T | undefined;
}

export class CatalogueBuilder {
  public readonly violations: Violation[];

  constructor(
    private readonly documents: readonly YamlDocument[],
    readViolations: readonly Violation[],
    private readonly today: string,
  ) {
    this.violations = [...readViolations, ...documents.flatMap((document) => document.violations)];
  }

  build(): Catalogue {
    const [mesh] = this.read<MeshSpec>('mesh', meshSchema, () => []).values();
    const services = this.read<ServiceSpec>('service', serviceSchema, checkService);
    const externals = this.read<ExternalSpec>('external', externalSchema, () => []);
    const environments = this.read<EnvironmentSpec>('environment', environmentSchema, (spec) => [
      ...checkEnvironment(spec, this.today),
      ...checkPipelineStart(spec, mesh?.spec),
    ]);
    const releases = this.read<ReleaseSpec>('release', releaseSchema, () => []);

    this.checkNames([services, externals, environments]);
    const graphIsValid = this.checkGraph(services, externals, mesh?.spec);
    this.checkSlos(mesh, services, environments);
    for (const entry of services.values()) {
      if (entry.spec === undefined) continue;
      for (const finding of checkCallEnvironments(entry.spec, [...environments.keys()]))
        this.report(entry, finding);
    }
    for (const entry of environments.values()) {
      if (entry.spec === undefined) continue;
      for (const finding of checkPromotion(entry.spec, specsOf(environments), [...environments.keys()]))
        this.report(entry, finding);
    }
    for (const [name, { document }] of releases) {
      if (!environments.has(name))
        this.report(
          { document },
          { path: [], rule: `'${name}' is not a known environment`, fix: 'rename or delete the file' },
        );
    }

    const resolved = [...environments.keys()].sort().flatMap((name) => {
      const environment = environments.get(name);
      if (environment?.spec === undefined) return [];
      const overridden = applyOverrides(environment.document, environment.spec, services, (violation) =>
        this.violations.push(violation),
      );
      const release = this.releaseOf(name, environment, releases, overridden, [...services.keys()]);
      const isComplete = graphIsValid && overridden.length === services.size && allValid(externals);
      if (mesh?.spec === undefined || release === undefined || !isComplete) return [];
      return [
        resolveEnvironment({
          mesh: mesh.spec,
          environment: environment.spec,
          release,
          services: overridden,
          externals: specsOf(externals),
        }),
      ];
    });
    if (environments.size === 0 && this.violations.length === 0) {
      this.report(mesh, { path: [], rule: 'no environment exists', fix: 'add environments/dev.yaml' });
    }
    const { errors, warnings, waivers } = checkRules(
      resolved,
      [
        ...waivingFiles('service', services),
        ...waivingFiles('external', externals),
        ...waivingFiles('environment', environments),
        ...[...releases].map(([name, { document }]) => ({
          kind: 'release' as const,
          name,
          document,
          waivers: [],
        })),
        ...(mesh === undefined
          ? []
          : [{ kind: 'mesh' as const, name: 'mesh', document: mesh.document, waivers: [] }]),
      ],
      this.today,
    );
    this.violations.push(...errors);
    const names = new Map(specsOf(services).map((spec) => [spec.name, resourceNameOf(spec)]));
    return {
      // Rules refer to names in files, all later code to names in the cluster.
      environments: resolved.map((environment) => withResourceNames(environment, names)),
      warnings: sortByPlace(warnings),
      waivers,
    };
  }

  private read<T>(
    kind: SourceKind,
    schema: z.ZodType<T>,
    check: (spec: T) => SpecViolation[],
  ): Map<string, Entry<T>> {
    const entries = new Map<string, Entry<T>>();
    for (const document of this.documents) {
      if (document.source.kind !== kind) continue;
      const entry = { document, spec: undefined };
      entries.set(document.source.stem, entry);
      if (document.value === undefined) continue;
      const parsed = parse(schema, document.value);
      const findings = 'spec' in parsed ? check(parsed.spec) : parsed.findings;
      for (const finding of findings) this.report(entry, finding);
      if ('spec' in parsed) entries.set(document.source.stem, { document, spec: parsed.spec });
    }
    return entries;
  }

  private checkNames(kinds: readonly ReadonlyMap<string, Entry<{ readonly name: string }>>[]): void {
    for (const entries of kinds) {
      for (const [stem, entry] of entries) {
        if (entry.spec === undefined || entry.spec.name === stem) continue;
        this.report(entry, {
          path: ['name'],
          rule: `'${entry.spec.name}' differs from the file name '${stem}'`,
          fix: 'rename one of them',
        });
      }
    }
  }

  /** Whether all references exist and the calls are free of cycles. */
  private checkGraph(
    services: ReadonlyMap<string, Entry<ServiceSpec>>,
    externals: ReadonlyMap<string, Entry<ExternalSpec>>,
    mesh: MeshSpec | undefined,
  ): boolean {
    const specs = specsOf(services);
    const known = {
      services: [...services.keys()],
      externals: [...externals.keys()],
      // If mesh.yaml is invalid, references to it cannot be checked.
      domains: mesh === undefined ? specs.map((spec) => spec.domain) : Object.keys(mesh.domains),
      secrets: mesh === undefined ? specs.flatMap((spec) => spec.secrets) : Object.keys(mesh.secrets),
    };
    const findings: ServiceViolation[] = [
      ...checkReferences(specs, known),
      ...checkCycles(specs),
      ...checkIngress(specs),
      ...checkDerivedNames(specs),
      ...checkDomainNames(specs, known.domains),
      ...checkFormerNames(specs),
    ];
    for (const { service, finding } of findings) this.report(services.get(service), finding);
    return findings.length === 0;
  }

  private checkSlos(
    mesh: Entry<MeshSpec> | undefined,
    services: ReadonlyMap<string, Entry<ServiceSpec>>,
    environments: ReadonlyMap<string, Entry<EnvironmentSpec>>,
  ): void {
    const specs = specsOf(services);
    if (mesh?.spec === undefined) return;
    for (const finding of checkJourneys(mesh.spec, specs, [...services.keys()])) this.report(mesh, finding);
    if (!allValid(services)) return;
    for (const entry of environments.values()) {
      const findings = entry.spec === undefined ? [] : checkOwners(entry.spec, mesh.spec, specs);
      for (const finding of findings) this.report(entry, finding);
    }
  }

  private releaseOf(
    name: string,
    environment: Entry<EnvironmentSpec>,
    releases: ReadonlyMap<string, Entry<ReleaseSpec>>,
    services: readonly ServiceSpec[],
    knownServices: readonly string[],
  ): ReleaseSpec | undefined {
    const entry = releases.get(name);
    if (entry !== undefined && entry.spec === undefined) return undefined;
    if (environment.spec === undefined) return undefined;
    if (entry === undefined && environment.spec.images.sample === undefined) {
      this.report(environment, {
        path: [],
        rule: `releases/${name}.yaml is missing`,
        fix: 'create it, or set images.sample',
      });
      // The rules still report everything else that this environment needs.
      return {
        services: Object.fromEntries(knownServices.map((service) => [service, { images: {} }])),
        acknowledgedIncidents: [],
      };
    }
    const spec = entry?.spec ?? { services: {}, acknowledgedIncidents: [] };
    for (const finding of checkRelease(spec, environment.spec, services, knownServices))
      this.report(entry, finding);
    return spec;
  }

  private report(entry: { readonly document: YamlDocument } | undefined, finding: SpecViolation): void {
    if (entry !== undefined) this.violations.push(locate(entry.document, finding));
  }
}

function allValid(entries: ReadonlyMap<string, Entry<unknown>>): boolean {
  return [...entries.values()].every(({ spec }) => spec !== undefined);
}

function waivingFiles(
  kind: SourceKind,
  entries: ReadonlyMap<string, Entry<{ readonly waivers: readonly WaiverSpec[] }>>,
): WaivingFile[] {
  return [...entries].map(([name, { document, spec }]) => ({
    kind,
    name,
    document,
    waivers: spec?.waivers ?? [],
  }));
}

function specsOf<T>(entries: ReadonlyMap<string, Entry<T>>): T[] {
  return [...entries.values()].flatMap(({ spec }) => spec ?? []);
}
