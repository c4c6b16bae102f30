/** What an environment changes of its services. */
import type { EnvironmentSpec } from '../schema/environment-schema';
import { FIXED_PARTS, OVERRIDABLE_FIELDS, serviceSchema, type ServiceSpec } from '../schema/service-schema';
import type { Violation } from '../source/violation';
import { didYouMean } from '../source/suggest';
import type { YamlDocument } from '../source/yaml-document';
import { locate, parse, unknownName, type SpecViolation } from './parse';
import { checkService } from './service-checks';

interface ServiceEntry {
  readonly document: YamlDocument;
  readonly spec: ServiceSpec | undefined;
}

/**
 * The services as they are in the environment. An override is merged into the service's document before
 * defaults are filled in, so that it means what it would mean in the service's own file.
 */
export function applyOverrides(
  document: YamlDocument,
  environment: EnvironmentSpec,
  services: ReadonlyMap<string, ServiceEntry>,
  report: (violation: Violation) => void,
): ServiceSpec[] {
  for (const name of Object.keys(environment.services)) {
    if (services.has(name)) continue;
    report(locate(document, unknownName(['services', name], name, 'service', [...services.keys()], true)));
  }
  return [...services].flatMap(([name, entry]): ServiceSpec[] => {
    const override = environment.services[name];
    if (entry.spec === undefined) return [];
    if (override === undefined) return [entry.spec];

    const prefix = ['services', name];
    const refused = refusals(override);
    for (const finding of refused) report(locate(document, finding, prefix));
    if (refused.length > 0) return [];

    const parsed = parse(serviceSchema, merge(entry.document.value, override));
    // Findings outside of the override belong to the service's file and have been told there.
    const own = ('spec' in parsed ? checkService(parsed.spec) : parsed.findings).filter(({ path }) =>
      touches(override, path),
    );
    for (const finding of own) report(locate(document, finding, prefix));
    return 'spec' in parsed ? [parsed.spec] : [];
  });
}

function isOverridable(key: string): boolean {
  return (OVERRIDABLE_FIELDS as readonly string[]).includes(key);
}

function refusals(override: Readonly<Record<string, unknown>>): SpecViolation[] {
  const fields = Object.keys(override).filter((key) => !isOverridable(key));
  const parts = Object.entries(FIXED_PARTS).flatMap(([field, fixed]) => {
    const value = override[field];
    return isMap(value) ? fixed.filter((part) => part in value).map((part) => [field, part]) : [];
  });
  return [
    ...fields.map(refusal),
    ...parts.map((path) => ({
      path,
      rule: `'${path.join('.')}' is the same in every environment`,
      fix: 'change it in the service file',
      atKey: true,
    })),
  ];
}

function refusal(key: string): SpecViolation {
  const known = key in serviceSchema.shape;
  return {
    path: [key],
    rule: known ? `'${key}' is the same in every environment` : `unknown key '${key}'`,
    fix: known
      ? 'change it in the service file'
      : (didYouMean(key, OVERRIDABLE_FIELDS) ?? `known are ${OVERRIDABLE_FIELDS.join(', ')}`),
    atKey: true,
  };
}

/** A rule may compare an overridden field with one beside it, so the first step decides. */
function touches(override: Readonly<Record<string, unknown>>, path: SpecViolation['path']): boolean {
  const [field] = path;
  return (typeof field === 'string' && field in override) || 'timeoutMs' in override;
}

/** Maps are merged key by key; lists and values are replaced. */
function merge(base: unknown, override: unknown): unknown {
  if (!isMap(base) || !isMap(override)) return override;
  const merged = { ...base };
  for (const [key, value] of Object.entries(override)) merged[key] = merge(base[key], value);
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
