/** Images, resources, replicas, and accepted end-user tokens. */
import { listAt, numberAt, textAt, textsAt } from '../json';
import type { ParsedManifest } from '../resource-change';
import { workloadParts, type Setting } from './fact';

export function deploymentFacts(manifest: ParsedManifest, source: string): Setting[] {
  const base = { kind: 'setting', ...ownerOf(manifest), source } as const;
  const containers = listAt(manifest.spec, 'template', 'spec', 'containers');
  return containers.flatMap((container): Setting[] => {
    const name = textAt(container, 'name') ?? '';
    const image = textAt(container, 'image') ?? '';
    const suffix = containers.length === 1 ? '' : ` of ${name}`;
    const requested = (resource: string) => textAt(container, 'resources', 'requests', resource);
    return [
      { ...base, topic: 'image', label: `image${suffix}`, value: image, display: shortImage(image) },
      ...(['cpu', 'memory'] as const).flatMap((resource): Setting[] => {
        const value = requested(resource);
        return value === undefined
          ? []
          : [{ ...base, topic: 'resources', label: `${resource}${suffix}`, value, display: value }];
      }),
    ];
  });
}

export function autoscalerFacts({ spec }: ParsedManifest, source: string): Setting[] {
  const minimum = numberAt(spec, 'minReplicas') ?? 1;
  const maximum = numberAt(spec, 'maxReplicas') ?? minimum;
  const { service, version } = workloadParts(textAt(spec, 'scaleTargetRef', 'name') ?? '');
  return [
    {
      kind: 'setting',
      topic: 'replicas',
      label: 'replicas',
      subject: service,
      source,
      value: `${minimum}-${maximum}`,
      display: `${minimum} to ${maximum}`,
      ...(version !== undefined && { version }),
    },
  ];
}

export function tokenFacts({ name, spec }: ParsedManifest, source: string): Setting[] {
  const subject = textAt(spec, 'selector', 'matchLabels', 'app') ?? name;
  return listAt(spec, 'jwtRules').map((rule) => {
    const issuer = textAt(rule, 'issuer') ?? '';
    const audiences = textsAt(rule, 'audiences');
    const value = `${issuer} for ${audiences.length === 0 ? 'any audience' : audiences.join(', ')}`;
    return {
      kind: 'setting',
      topic: 'token',
      label: 'accepted end-user tokens',
      subject,
      source,
      value,
      display: value,
    };
  });
}

/** Service and version of a Deployment, from its labels or, for a gateway, its name. */
function ownerOf({ name, labels }: ParsedManifest): Pick<Setting, 'subject' | 'version'> {
  const parts = workloadParts(name);
  const app = textAt(labels, 'app');
  return {
    subject: app ?? parts.service,
    ...(parts.version !== undefined && { version: parts.version }),
  };
}

/** Eight digits of a digest tell two images apart. */
function shortImage(image: string): string {
  const [reference = '', digest] = image.split('@sha256:');
  const name = reference.split('/').at(-1) ?? reference;
  return digest === undefined ? name : `${name}@${digest.slice(0, 8)}`;
}
