/** What runs, how much of it, and which tokens it takes. */
import { listAt, numberAt, textAt, textsAt } from '../json';
import type { KubernetesObject } from '../resource-change';
import { workloadParts, type Setting } from './fact';

export function deploymentFacts(object: KubernetesObject, source: string): Setting[] {
  const { kind: _kind, spec } = object;
  const base = { kind: 'setting', ...ownerOf(object), source } as const;
  const containers = listAt(spec, 'template', 'spec', 'containers');
  return containers.flatMap((container): Setting[] => {
    const name = textAt(container, 'name') ?? '';
    const image = textAt(container, 'image') ?? '';
    const suffix = containers.length === 1 ? '' : ` of ${name}`;
    const wanted = (resource: string) => textAt(container, 'resources', 'requests', resource);
    return [
      { ...base, topic: 'image', label: `image${suffix}`, value: image, shown: shortImage(image) },
      ...(['cpu', 'memory'] as const).flatMap((resource): Setting[] => {
        const value = wanted(resource);
        return value === undefined
          ? []
          : [{ ...base, topic: 'resources', label: `${resource}${suffix}`, value, shown: value }];
      }),
    ];
  });
}

export function autoscalerFacts({ spec }: KubernetesObject, source: string): Setting[] {
  const least = numberAt(spec, 'minReplicas') ?? 1;
  const most = numberAt(spec, 'maxReplicas') ?? least;
  const { service, version } = workloadParts(textAt(spec, 'scaleTargetRef', 'name') ?? '');
  return [
    {
      ...({ kind: 'setting', topic: 'replicas', label: 'replicas' } as const),
      ...{ subject: service, source, value: `${least}-${most}`, shown: `${least} to ${most}` },
      ...(version !== undefined && { version }),
    },
  ];
}

export function tokenFacts({ name, spec }: KubernetesObject, source: string): Setting[] {
  const subject = textAt(spec, 'selector', 'matchLabels', 'app') ?? name;
  return listAt(spec, 'jwtRules').map((rule) => {
    const issuer = textAt(rule, 'issuer') ?? '';
    const audiences = textsAt(rule, 'audiences');
    const shown = `${issuer} for ${audiences.length === 0 ? 'any audience' : audiences.join(', ')}`;
    return {
      ...({ kind: 'setting', topic: 'token', label: 'tokens accepted' } as const),
      ...{ subject, source, value: shown, shown },
    };
  });
}

/** Service and version of a Deployment, by its labels or, of a gateway, its name. */
function ownerOf({ name, labels }: KubernetesObject): Pick<Setting, 'subject' | 'version'> {
  const parts = workloadParts(name);
  const app = textAt(labels, 'app');
  return {
    subject: app ?? parts.service,
    ...(parts.version !== undefined && { version: parts.version }),
  };
}

/** A digest's first eight digits are enough to tell two apart in a sentence. */
function shortImage(image: string): string {
  const [reference = '', digest] = image.split('@sha256:');
  const name = reference.split('/').at(-1) ?? reference;
  return digest === undefined ? name : `${name}@${digest.slice(0, 8)}`;
}
