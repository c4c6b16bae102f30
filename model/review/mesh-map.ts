import { EGRESS_GATEWAY, INGRESS_GATEWAY } from '../naming';
import { EXTERNAL_CLIENTS, type Fact } from './facts/fact';
import { textAt } from './json';
import { kubernetesObject, type Resource } from './resource-change';

/** Who can call whom, before or after the change: also what a plan leaves alone carries its consequences. */
export class MeshMap {
  private readonly callers = new Map<string, Set<string>>();
  private readonly versions = new Map<string, Set<string>>();
  private readonly namespaces = new Map<string, Set<string>>();

  /** Hosts of third parties by the names of their objects. */
  private readonly hosts = new Map<string, string>();

  add(resource: Resource, facts: readonly Fact[]): void {
    const object = kubernetesObject(resource);
    const host = object?.kind === 'ServiceEntry' ? textAt(object.spec, 'hosts', 0) : undefined;
    if (object !== undefined && host !== undefined) this.hosts.set(object.name, host);
    for (const fact of facts) {
      // Of a call to a third party the subject is the egress gateway, and so its failure is felt as well.
      if (fact.kind === 'permission' && fact.topic !== 'public') {
        add(this.callers, fact.subject, fact.caller);
        if (fact.topic === 'third-party') add(this.callers, fact.label, fact.caller);
      }
      if (fact.topic !== 'image') continue;
      add(this.versions, fact.subject, ('version' in fact ? fact.version : undefined) ?? '');
      add(this.namespaces, object?.namespace ?? '', fact.subject);
    }
  }

  /** Services, gateways not among them, sorted. */
  get services(): readonly string[] {
    const gateways: readonly string[] = [INGRESS_GATEWAY.name, EGRESS_GATEWAY.name];
    return [...this.versions.keys()].filter((name) => !gateways.includes(name)).sort();
  }

  /** Whether it is called: a service, the egress gateway or a third party, and no namespace. */
  isNode(subject: string): boolean {
    return this.versions.has(subject) || this.hosts.has(subject);
  }

  versionsOf(service: string): readonly string[] {
    return [...(this.versions.get(service) ?? [])].sort();
  }

  servicesIn(namespace: string): readonly string[] {
    return [...(this.namespaces.get(namespace) ?? [])].sort();
  }

  /** Everything upstream of the service, itself left out, the public last. */
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

  /** Services that the public reaches without another service in between. */
  get publicServices(): readonly string[] {
    return this.services.filter((service) => this.callers.get(service)?.has(EXTERNAL_CLIENTS));
  }
}

function add(index: Map<string, Set<string>>, key: string, value: string): void {
  const known = index.get(key);
  if (known) known.add(value);
  else index.set(key, new Set([value]));
}
