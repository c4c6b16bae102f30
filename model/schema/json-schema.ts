/** JSON Schemas for completion and validation in editors. */
import { z } from 'zod';
import { environmentSchema } from './environment-schema';
import { externalSchema } from './external-schema';
import { meshSchema } from './mesh-schema';
import { releaseSchema } from './release-schema';
import { OVERRIDABLE_FIELDS, serviceSchema } from './service-schema';

type Json = Record<string, unknown>;

export function jsonSchemas(): Readonly<Record<string, object>> {
  const service = render(serviceSchema);
  return {
    mesh: render(meshSchema),
    service,
    external: render(externalSchema),
    environment: withOverrides(render(environmentSchema), service),
    release: render(releaseSchema),
  };
}

function render(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
}

/** An override takes the overridable fields of a service, none of them required. */
function withOverrides(environment: Json, service: Json): Json {
  const all = service['properties'] as Json;
  const properties = Object.fromEntries(
    OVERRIDABLE_FIELDS.map((field) => [field, withoutRequired(all[field])]),
  );
  const overrides = { type: 'object', additionalProperties: false, properties };
  const own = environment['properties'] as Json;
  const services = { ...(own['services'] as Json), additionalProperties: overrides };
  return { ...environment, properties: { ...own, services } };
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) =>
      key === 'default' || (key === 'required' && Array.isArray(inner))
        ? []
        : [[key, withoutRequired(inner)]],
    ),
  );
}
