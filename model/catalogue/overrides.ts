/** Overrides of services by an environment. */
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
 * The services with the environment's overrides. An override is merged into the service's document before defaults
 * are applied, so that it means the same as in the service's file.
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
    const forbidden = forbiddenKeys(override);
    for (const finding of forbidden) report(locate(document, finding, prefix));
    if (forbidden.length > 0) return [];

    const parsed = parse(serviceSchema, merge(entry.document.value, override));
    // Violations outside of the override have been reported in the service's file.
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

function forbiddenKeys(override: Readonly<Record<string, unknown>>): SpecViolation[] {
  const fields = Object.keys(override).filter((key) => !isOverridable(key));
  const parts = Object.entries(FIXED_PARTS).flatMap(([field, fixed]) => {
    const value = override[field];
    return isMap(value) ? fixed.filter((part) => part in value).map((part) => [field, part]) : [];
  });
  return [
    ...fields.map(forbiddenField),
    ...parts.map((path) => ({
      path,
      rule: `'${path.join('.')}' cannot differ between environments`,
      fix: 'change it in the service file',
      atKey: true,
    })),
  ];
}

function forbiddenField(key: string): SpecViolation {
  const known = key in serviceSchema.shape;
  return {
    path: [key],
    rule: known ? `'${key}' cannot differ between environments` : `unknown key '${key}'`,
    fix: known
      ? 'change it in the service file'
      : (didYouMean(key, OVERRIDABLE_FIELDS) ?? `use one of ${OVERRIDABLE_FIELDS.join(', ')}`),
    atKey: true,
  };
}

/** Compares the first step only, because a check may relate an overridden field to its siblings. */
function touches(override: Readonly<Record<string, unknown>>, path: SpecViolation['path']): boolean {
  const [field] = path;
  return (typeof field === 'string' && field in override) || 'timeoutMs' in override;
}

/** Merges maps recursively; replaces lists and values. */
function merge(base: unknown, override: unknown): unknown {
  if (!isMap(base) || !isMap(override)) return override;
  const merged = { ...base };
  for (const [key, value] of Object.entries(override)) merged[key] = merge(base[key], value);
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
