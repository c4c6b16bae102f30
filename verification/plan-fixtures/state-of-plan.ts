/** State as if a first plan had been applied: what the provider planned, and texts where a cloud would give them. */
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

/** A whole value that another resource gives: `${google_kms_crypto_key.database_key.id}`. */
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
      ...{ mode, type, name },
      provider: `provider["${provider_name}"]`,
      instances: [{ schema_version, attributes: attributesAt.get(address) }],
    })),
  });
}

/** Puts what the configuration refers to where the plan has nothing yet. */
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
    // A block of the configuration is a list of one in the state.
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

/** The attribute of the resource, made up where only a cloud could know it, and then remembered there. */
function givenBy(attributes: Attributes, address: string, path: string): unknown {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Attributes>(
    (here, step) => (here[step] ??= /^\d+$/.test(step) ? {} : []) as Attributes,
    attributes,
  );
  return (holder[last] ??= madeUp(attributes, address, last));
}

/** In the form that other resources ask for. */
function madeUp({ project, email }: Attributes, address: string, attribute: string): string {
  if (attribute === 'name' && typeof email === 'string')
    return `projects/${String(project)}/serviceAccounts/${email}`;
  if (attribute.endsWith('dns_name')) return 'database.example.';
  return `${attribute} of ${address}`;
}
