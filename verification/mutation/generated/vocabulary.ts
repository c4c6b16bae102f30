/** Values of one meaning that occur in the objects, so that a field can point at another existing thing. */
import { type KubernetesManifest } from '../../kubernetes/kubernetes-object';

const MEANINGS = {
  principal: /^[a-z0-9-]+\.svc\.id\.goog\/ns\/[^/]+\/sa\/.+$/,
  scopedHost: /^[a-z0-9-~.]+\/[a-z0-9*-]+(\.[a-z0-9-]+)+$/,
  meshHost: /^[a-z0-9-]+\.[a-z0-9-]+\.svc\.cluster\.local$/,
  cidr: /^\d+\.\d+\.\d+\.\d+\/\d+$/,
  address: /^\d+\.\d+\.\d+\.\d+$/,
  externalHost: /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  email: /^[^@/ ]+@[a-z0-9.-]+$/,
  url: /^https?:\/\//,
  image: /@sha256:[0-9a-f]{64}$/,
  path: /^\/\S*$/,
} as const;
type Meaning = keyof typeof MEANINGS;

/** Fields whose values mean the same, whatever they look like. */
const BY_FIELD: Readonly<Record<string, string>> = {
  app: 'app',
  version: 'version',
  'service.istio.io/canonical-name': 'app',
  'kubernetes.io/metadata.name': 'namespace',
  namespace: 'namespace',
  serviceAccountName: 'workload',
};

export class Vocabulary {
  private readonly values = new Map<string, string[]>();

  constructor(objects: readonly KubernetesManifest[]) {
    for (const object of objects) this.collect(object, '');
    for (const { kind, metadata } of objects) {
      if (kind === 'Namespace') this.add('namespace', metadata.name);
      if (kind === 'Deployment') this.add('workload', metadata.name);
    }
  }

  /** Another value of the same meaning: the next one in the order of appearance. */
  other(field: string, value: string): string | undefined {
    const known = this.values.get(meaningOf(field, value) ?? '') ?? [];
    return known.length < 2 ? undefined : known[(known.indexOf(value) + 1) % known.length];
  }

  private collect(node: unknown, field: string): void {
    if (typeof node === 'string') this.add(meaningOf(field, node), node);
    else if (Array.isArray(node)) node.forEach((item) => this.collect(item, field));
    else if (typeof node === 'object' && node !== null)
      Object.entries(node).forEach(([key, inner]) => this.collect(inner, key));
  }

  private add(meaning: string | undefined, value: string): void {
    if (meaning === undefined) return;
    const known = this.values.get(meaning);
    if (known === undefined) this.values.set(meaning, [value]);
    else if (!known.includes(value)) known.push(value);
  }
}

export function meaningOf(field: string, value: string): string | undefined {
  return (
    BY_FIELD[field] ?? (Object.keys(MEANINGS) as Meaning[]).find((meaning) => MEANINGS[meaning].test(value))
  );
}
