import { createHash, randomUUID } from 'node:crypto';
import type { IamPolicy } from './iam-types';
import type { ApiObject } from './json';
import type { Switches } from './switches';

export interface Project {
  readonly projectId: string;
  readonly projectNumber: string;
  readonly region: string;
  /** Enabled services, such as `compute.googleapis.com`. */
  readonly services: readonly string[];
  /** E-mail addresses of service accounts and service agents that exist. */
  readonly accounts: readonly string[];
}

/** Everything that a project remembers, as JSON. */
export type SavedWorld = Readonly<
  Record<(typeof SAVED_MAPS)[number], readonly (readonly [string, unknown])[]>
> &
  Readonly<Record<(typeof SAVED_SETS)[number], readonly string[]>> & { readonly counter: number };

const SAVED_MAPS = [
  'policies',
  'operations',
  'resources',
  'createdAt',
  'grantedAt',
  'enabledAt',
  'accountsAt',
] as const;
const SAVED_SETS = ['services', 'accounts', 'reserved'] as const;

/** State of one Google Cloud project. */
export class CloudState {
  readonly projectId: string;
  readonly projectNumber: string;
  readonly region: string;
  readonly services: Set<string>;
  readonly accounts: Set<string>;
  readonly policies = new Map<string, IamPolicy>();
  readonly operations = new Map<string, ApiObject>();
  /** Names that cannot be used again. */
  readonly reserved = new Set<string>();
  /** Host and port of the cluster's API server. @default a name under gke.goog */
  clusterEndpoint: string | undefined;
  private readonly resources = new Map<string, ApiObject>();
  private readonly createdAt = new Map<string, number>();
  private readonly grantedAt = new Map<string, number>();
  private readonly enabledAt = new Map<string, number>();
  private readonly accountsAt = new Map<string, number>();
  private counter = 4_000_000_000;

  constructor(
    project: Project,
    readonly switches: { -readonly [name in keyof Switches]: Switches[name] },
    readonly now: () => number = Date.now,
  ) {
    this.projectId = project.projectId;
    this.projectNumber = project.projectNumber;
    this.region = project.region;
    this.services = new Set(project.services);
    this.accounts = new Set(project.accounts);
  }

  /** The same key for the project's id and number. */
  key(api: string, name: string): string {
    return `${api}/${name.replace(`projects/${this.projectNumber}/`, `projects/${this.projectId}/`)}`;
  }

  get(api: string, name: string): ApiObject | undefined {
    return this.resources.get(this.key(api, name));
  }

  put<T extends ApiObject>(api: string, name: string, resource: T): T {
    const key = this.key(api, name);
    if (!this.resources.has(key)) this.createdAt.set(key, this.now());
    this.resources.set(key, resource);
    return resource;
  }

  remove(api: string, name: string): void {
    const key = this.key(api, name);
    this.resources.delete(key);
    this.policies.delete(key);
    this.createdAt.delete(key);
  }

  save(): SavedWorld {
    const maps = SAVED_MAPS.map((name) => [name, [...this[name]]]);
    const sets = SAVED_SETS.map((name) => [name, [...this[name]]]);
    return structuredClone({
      ...(Object.fromEntries([...maps, ...sets]) as Omit<SavedWorld, 'counter'>),
      counter: this.counter,
    });
  }

  restore(saved: SavedWorld): void {
    for (const name of SAVED_MAPS) {
      const map = this[name] as Map<string, unknown>;
      map.clear();
      for (const [key, value] of saved[name]) map.set(key, value);
    }
    for (const name of SAVED_SETS) {
      this[name].clear();
      for (const value of saved[name]) this[name].add(value);
    }
    this.counter = saved.counter;
  }

  forgetAll(): void {
    this.resources.clear();
    this.policies.clear();
  }

  /** Removes every resource of the API. */
  forget(api: string): void {
    for (const [key] of this.resources)
      if (key.startsWith(`${api}/`)) this.remove(api, key.slice(api.length + 1));
  }

  addAccount(email: string): void {
    if (!this.accounts.has(email)) this.accountsAt.set(email, this.now());
    this.accounts.add(email);
  }

  /** True once other services know the account. */
  hasAccount(email: string): boolean {
    const addedAt = this.accountsAt.get(email) ?? -Infinity;
    return this.accounts.has(email) && this.now() - addedAt >= this.switches.accountDelayMs;
  }

  /** Milliseconds since the resource was created; 0 if it does not exist. */
  ageMs(api: string, name: string): number {
    const createdAt = this.createdAt.get(this.key(api, name));
    return createdAt === undefined ? 0 : this.now() - createdAt;
  }

  /** Keys (`<api>/<name>`) and resources, in order of creation. */
  entries(): (readonly [key: string, resource: ApiObject])[] {
    return [...this.resources];
  }

  /** Resources directly below the collection. */
  children(api: string, collection: string): ApiObject[] {
    const prefix = `${this.key(api, collection)}/`;
    return this.entries()
      .filter(([key]) => key.startsWith(prefix) && !key.slice(prefix.length).includes('/'))
      .map(([, resource]) => resource);
  }

  /** Records when a binding was first granted. */
  granted(policyKey: string, role: string, member: string): void {
    const grant = [policyKey, role, member].join(' ');
    if (!this.grantedAt.has(grant)) this.grantedAt.set(grant, this.now());
  }

  /** False while a new binding has not propagated yet. */
  isEffective(policyKey: string, role: string, member: string): boolean {
    const grantedAt = this.grantedAt.get([policyKey, role, member].join(' ')) ?? -Infinity;
    return this.now() - grantedAt >= this.switches.grantDelayMs;
  }

  enable(service: string): void {
    if (!this.services.has(service)) this.enabledAt.set(service, this.now());
    this.services.add(service);
  }

  /** True once the service accepts requests. */
  isServing(service: string): boolean {
    const enabledAt = this.enabledAt.get(service) ?? -Infinity;
    return this.services.has(service) && this.now() - enabledAt >= this.switches.serviceDelayMs;
  }

  get size(): number {
    return this.resources.size;
  }

  number(): string {
    this.counter += 7;
    return String(this.counter);
  }

  uid(): string {
    return randomUUID();
  }

  fingerprint(): string {
    return `${createHash('md5').update(this.number()).digest('base64').slice(0, 11)}=`;
  }

  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  /** Service agent of a product: `service-<number>@gcp-sa-alloydb.iam.gserviceaccount.com` */
  agent(domain: string): string {
    return `service-${this.projectNumber}@${domain}.iam.gserviceaccount.com`;
  }
}
