import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../naming';
import { EXTERNAL_CLIENTS, type Fact } from './facts/fact';
import { textAt } from './json';
import { parseManifest, type ResourceState } from './resource-change';

/** The call graph before and after the change, unchanged resources included: they are affected as well. */
export class MeshMap {
  private readonly callers = new Map<string, Set<string>>();
  private readonly versions = new Map<string, Set<string>>();
  private readonly namespaces = new Map<string, Set<string>>();

  /** Hosts of third parties, by name of their ServiceEntry. */
  private readonly hosts = new Map<string, string>();

  add(resource: ResourceState, facts: readonly Fact[]): void {
    const manifest = parseManifest(resource);
    const host = manifest?.kind === 'ServiceEntry' ? textAt(manifest.spec, 'hosts', 0) : undefined;
    if (manifest !== undefined && host !== undefined) this.hosts.set(manifest.name, host);
    for (const fact of facts) {
      // A call to a third party depends on the egress gateway (the subject) and on the third party itself.
      if (fact.kind === 'permission' && fact.topic !== 'public') {
        add(this.callers, fact.subject, fact.caller);
        if (fact.topic === 'third-party') add(this.callers, fact.label, fact.caller);
      }
      if (fact.topic !== 'image') continue;
      add(this.versions, fact.subject, ('version' in fact ? fact.version : undefined) ?? '');
      add(this.namespaces, manifest?.namespace ?? '', fact.subject);
    }
  }

  /** Services without the gateways, sorted. */
  get services(): readonly string[] {
    const gateways: readonly string[] = [INGRESS_GATEWAY.name, EGRESS_GATEWAY.name];
    return [...this.versions.keys()].filter((name) => !gateways.includes(name)).sort();
  }

  /** Whether the subject is a node of the call graph (service, gateway, third party) and not a namespace. */
  isNode(subject: string): boolean {
    return this.versions.has(subject) || this.hosts.has(subject);
  }

  versionsOf(service: string): readonly string[] {
    return [...(this.versions.get(service) ?? [])].sort();
  }

  servicesIn(namespace: string): readonly string[] {
    return [...(this.namespaces.get(namespace) ?? [])].sort();
  }

  /** Direct and transitive callers of the service, sorted, external clients last. */
  dependentsOf(service: string): readonly string[] {
    const found = new Set<string>();
    const open = [this.hosts.get(service) ?? service];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const caller of this.callers.get(next) ?? []) {
        if (caller === service || found.has(caller)) continue;
        found.add(caller);
        open.push(caller);
      }
    }
    const inside = [...found].filter((name) => name !== EXTERNAL_CLIENTS).sort();
    return found.has(EXTERNAL_CLIENTS) ? [...inside, EXTERNAL_CLIENTS] : inside;
  }

  /** Services that external clients call directly. */
  get publicServices(): readonly string[] {
    return this.services.filter((service) => this.callers.get(service)?.has(EXTERNAL_CLIENTS));
  }
}

function add(index: Map<string, Set<string>>, key: string, value: string): void {
  const known = index.get(key);
  if (known) known.add(value);
  else index.set(key, new Set([value]));
}
