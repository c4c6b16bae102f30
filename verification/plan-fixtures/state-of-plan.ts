/** The state after a first plan: its planned values, with placeholders for values that only a cloud knows. */
import { randomUUID } from 'node:crypto';
import type { StackFile } from './variant';

interface PlannedResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly provider_name: string;
  readonly schema_version: number;
  readonly values: Attributes;
}

type Attributes = Record<string, unknown>;

interface Plan {
  readonly terraform_version: string;
  readonly planned_values: { readonly root_module: { readonly resources: readonly PlannedResource[] } };
}

/** A value that is one reference to another resource: `${google_kms_crypto_key.database_key.id}`. */
const REFERENCE = /^\$\{([a-z]\w*\.[\w-]+)\.([\w.[\]]+)\}$/;

export function stateOfPlan(plan: unknown, stack: StackFile): string {
  const { terraform_version, planned_values } = plan as Plan;
  const { resources } = planned_values.root_module;
  const attributesAt = new Map(resources.map(({ address, values }) => [address, structuredClone(values)]));
  const given = (address: string, path: string) => givenBy(attributesAt.get(address) ?? {}, address, path);
  for (const { address, type, name } of resources) {
    given(address, 'id');
    fill(attributesAt.get(address), stack.resource[type]?.[name], given);
  }
  return JSON.stringify({
    version: 4,
    terraform_version,
    serial: 1,
    lineage: randomUUID(),
    outputs: {},
    resources: resources.map(({ mode, type, name, provider_name, schema_version, address }) => ({
      mode,
      type,
      name,
      provider: `provider["${provider_name}"]`,
      instances: [{ schema_version, attributes: attributesAt.get(address) }],
    })),
  });
}

/** Fills in references of the configuration where the plan has no value. */
function fill(
  values: unknown,
  configuration: unknown,
  given: (address: string, path: string) => unknown,
): void {
  if (typeof configuration !== 'object' || configuration === null) return;
  if (typeof values !== 'object' || values === null) return;
  const target = values as Attributes;
  const referred = (configured: unknown) => {
    const [, address, path] = typeof configured === 'string' ? (REFERENCE.exec(configured) ?? []) : [];
    return address !== undefined && path !== undefined ? given(address, path) : undefined;
  };
  for (const [key, configured] of Object.entries(configuration)) {
    const value = referred(configured);
    if (value !== undefined) target[key] ??= value;
    else if (isListOfTexts(configured)) target[key] = configured.map((one) => referred(one) ?? one);
    // A block of the configuration is a list with one element in the state.
    else
      fill(
        isBlock(configured) && Array.isArray(target[key]) ? target[key][0] : target[key],
        configured,
        given,
      );
  }
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
}

function isBlock(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The attribute of the resource; a missing one gets a placeholder, which is stored. */
function givenBy(attributes: Attributes, address: string, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Attributes>(
    (here, step) => (here[step] ??= /^\d+$/.test(step) ? {} : []) as Attributes,
    attributes,
  );
  return (holder[last] ??= placeholder(attributes, address, last));
}

/** In a format that other resources accept. */
function placeholder({ project, email }: Attributes, address: string, attribute: string): string {
  if (attribute === 'name' && typeof email === 'string')
    return `projects/${String(project)}/serviceAccounts/${email}`;
  if (attribute.endsWith('dns_name')) return 'database.example.';
  return `${attribute} of ${address}`;
}
