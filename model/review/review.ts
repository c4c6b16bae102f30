/** Review of the plans of one environment: headlines, risks, blast radius and counts. */
import { effectiveWeightCaps, type CappedRelease, type WeightCap } from '../canary/weight-cap';
import type { ReleaseTransitionViolation } from '../release/service-releases';
import { blastRadiusOf, type BlastRadius } from './blast-radius';
import { revertedDrift, type Drift } from './drift';
import { compareFacts, type PermissionChange, type SettingChange } from './fact-change';
import { readFacts } from './facts';
import type { Fact } from './facts/fact';
import { FLAGS } from './flags';
import type { RiskFinding, RiskSeverity } from './flags/flag';
import { differences } from './json';
import { MeshMap } from './mesh-map';
import {
  isChanged,
  parseManifest,
  resourceAfter,
  resourceBefore,
  type ResourceChange,
  type ResourceState,
} from './resource-change';
import { canariesIn } from './canaries';
import { imagesIn, projectIn, repositoryOf } from './images';
import { idleVersions } from './idle-versions';
import { subjectOf } from './subject';
import { existenceHeadlines } from './words/existence';
import { renameHeadlines } from './words/renames';
import { sortHeadlines, type Headline } from './words/headline';
import { permissionHeadlines } from './words/permissions';
import { settingHeadlines } from './words/settings';

export interface RaisedFlag {
  readonly id: string;
  readonly severity: RiskSeverity;
  readonly title: string;
  readonly findings: readonly RiskFinding[];
}

export interface StackCounts {
  readonly stack: string;
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly delete: number;
  readonly moved: number;
  readonly drift: number;
}

export interface Review {
  readonly environment: string;
  readonly headlines: readonly Headline[];
  /** Most severe first. */
  readonly flags: readonly RaisedFlag[];
  readonly blastRadius: readonly BlastRadius[];
  readonly counts: readonly StackCounts[];
  readonly changes: readonly ResourceChange[];
}

/** Takes resources one by one and keeps only those that change, so that a large plan fits into memory. */
export class Reviewer {
  private readonly map = new MeshMap();
  private readonly stacks = new Set<string>();
  private readonly changes: ResourceChange[] = [];
  private readonly refreshed: ResourceChange[] = [];
  private readonly weightCaps: WeightCap[] = [];
  private readonly canaries: CappedRelease[] = [];
  private readonly releaseTransitions: ReleaseTransitionViolation[] = [];
  private readonly before: Fact[] = [];
  private readonly after: Fact[] = [];
  private readonly removedStacks: string[] = [];
  private readonly knownRepositories = new Set<string>();
  private isRemoved = false;
  private isNew = false;
  /** Of resources that exist, and of those that are created. */
  private project: string | undefined;
  private newProject: string | undefined;

  constructor(private readonly environment: string) {}

  addStack(stack: string): void {
    this.stacks.add(stack);
  }

  /**
   * Stacks of the base that are no longer synthesized. No plan has them, and their resources are not destroyed.
   *
   * @param all whether the environment has no stack left
   */
  addRemovedStacks(stacks: readonly string[], all: boolean): void {
    this.removedStacks.push(...stacks);
    this.isRemoved = all;
  }

  /** The base has no stack of the environment. */
  addNewEnvironment(): void {
    this.isNew = true;
  }

  addChange(change: ResourceChange): void {
    const before = resourceBefore(change);
    const after = resourceAfter(change);
    if (after) this.canaries.push(...canariesIn(after));
    this.addRegistries(before, after);
    if (!isChanged(change)) {
      if (after) this.map.add(after, readFacts(after));
      return;
    }
    this.changes.push(change);
    for (const [resource, facts] of [
      [before, this.before],
      [after, this.after],
    ] as const) {
      if (resource === undefined) continue;
      const read = readFacts(resource);
      facts.push(...read);
      this.map.add(resource, read);
    }
  }

  /** A change must not widen what counts as known, so the state before it decides, if there is one. */
  private addRegistries(before: ResourceState | undefined, after: ResourceState | undefined): void {
    for (const image of before === undefined ? [] : imagesIn(before))
      this.knownRepositories.add(repositoryOf(image));
    this.project ??= before && projectIn(before);
    this.newProject ??= after && projectIn(after);
  }

  /** @param change what Terraform found when it read the resource; {@link revertedDrift} decides what it means */
  addDrift(change: ResourceChange): void {
    const { action, before, after } = change;
    // A provider records what it reads for the first time; empty values are no difference.
    if (action === 'delete' || differences(before, after).length > 0) this.refreshed.push(change);
  }

  addWeightCap(weightCap: WeightCap): void {
    this.weightCaps.push(weightCap);
  }

  /** Ignores those of other environments. */
  addReleaseTransitions(violations: readonly ReleaseTransitionViolation[]): void {
    this.releaseTransitions.push(...violations.filter(({ environment }) => environment === this.environment));
  }

  review(): Review {
    // Nothing ran in a new environment, so nothing is widened there. What its resources are is in the changes.
    const facts = this.isNew ? [] : compareFacts(this.before, this.after);
    const { changes, map } = this;
    const drift = revertedDrift(this.refreshed, changes);
    const weightCaps = this.weightCaps.filter((weightCap) =>
      this.canaries.some((canary) => effectiveWeightCaps([weightCap], canary).length > 0),
    );
    const existence = this.isNew ? [] : existenceHeadlines(changes);
    const addedOrRemoved = new Set(existence.map(({ subject }) => subject));
    const isOfAddedOrRemoved = (fact: Fact | undefined) =>
      fact !== undefined && addedOrRemoved.has(fact.subject);
    const settings = facts.filter((change): change is SettingChange => change.kind === 'setting');
    const permissions = facts.filter((change): change is PermissionChange => change.kind === 'permission');
    const isOfNewOrRemovedVersion = versionFilter(settings);
    const removedHosts = new Set(changes.flatMap(removedHost));
    const input = {
      // The settings that protect a removed service, version or third party are removed with it.
      facts: facts.filter(
        (change) =>
          change.kind !== 'setting' ||
          !(
            isOfAddedOrRemoved(change.before ?? change.after) ||
            isOfNewOrRemovedVersion(change) ||
            removedHosts.has(change.before?.subject ?? '')
          ),
      ),
      changes,
      drift,
      weightCaps,
      releaseTransitions: this.releaseTransitions,
      environment: this.environment,
      removedStacks: this.removedStacks,
      isEnvironmentRemoved: this.isRemoved,
      knownRepositories: this.knownRepositories,
      project: this.project ?? this.newProject,
      idleVersions: idleVersions(settings),
    };
    return {
      environment: this.environment,
      headlines: sortHeadlines([
        ...(this.isNew ? [newEnvironment(this.environment)] : renameHeadlines(changes)),
        ...existence.map(({ subject, topic, text }) => ({ subject, topic, text })),
        // For an added or removed service its edges are listed, but not each of its settings.
        ...settingHeadlines(
          settings.filter(
            (change) =>
              !isOfAddedOrRemoved(change.before ?? change.after) &&
              ((change.before ?? change.after)?.topic === 'image' || !isOfNewOrRemovedVersion(change)),
          ),
          map,
        ),
        ...permissionHeadlines(
          permissions,
          this.before.filter((fact) => fact.kind === 'permission'),
          this.after.filter((fact) => fact.kind === 'permission'),
          map,
        ),
      ]),
      flags: FLAGS.flatMap(({ id, severity, title, find }) => {
        const findings = find(input);
        return findings.length === 0 ? [] : [{ id, severity, title, findings }];
      }),
      blastRadius: this.blastRadius(),
      counts: [...this.stacks].sort().map((stack) => this.countsOf(stack, drift)),
      changes,
    };
  }

  private blastRadius(): BlastRadius[] {
    const subjects = this.changes
      .filter(({ action }) => action !== 'none')
      .flatMap((change) => subjectOf(change, this.map) ?? []);
    return [...new Set(subjects)].sort().map((subject) => blastRadiusOf(subject, this.map));
  }

  private countsOf(stack: string, drift: readonly Drift[]): StackCounts {
    const own = this.changes.filter((change) => change.stack === stack);
    const count = (action: ResourceChange['action']) =>
      own.filter((change) => change.action === action).length;
    return {
      stack,
      create: count('create'),
      update: count('update'),
      replace: count('replace'),
      delete: count('delete') + count('forget'),
      moved: own.filter(({ previousAddress }) => previousAddress !== undefined).length,
      drift: drift.filter((change) => change.stack === stack).length,
    };
  }
}

function newEnvironment(subject: string): Headline {
  return { subject, topic: 'existence', text: 'new environment' };
}

/** Of a version that starts or ends only the image is reported. */
function versionFilter(settings: readonly SettingChange[]): (change: SettingChange) => boolean {
  const key = ({ before, after }: SettingChange) => {
    const { subject, version } = (before ?? after)!;
    return version === undefined ? undefined : `${subject} ${version}`;
  };
  const versions = new Set(
    settings
      .filter(({ before, after }) => (before ?? after)?.topic === 'image' && (!before || !after))
      .flatMap((change) => key(change) ?? []),
  );
  return (change) => versions.has(key(change) ?? '');
}

/** Name of a third party that is removed, and its TLS and limits with it. */
function removedHost(change: ResourceChange): string[] {
  const resource = change.action === 'delete' ? resourceBefore(change) : undefined;
  const manifest = resource && parseManifest(resource);
  return manifest?.kind === 'ServiceEntry' ? [manifest.name] : [];
}
