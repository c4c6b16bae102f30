/** Changes between two syntheses of one stack, as a plan would list them with the first one applied. */
import { withCommittedWeights } from '../canary/split';
import { differences, isObject, textAt, type JsonObject } from './json';
import type { ResourceChange } from './resource-change';

/** `cdk.tf.json` of a stack. */
export interface SynthesizedJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly locals?: JsonObject;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** Identity of an object for the API server: a change replaces the object. */
const IDENTITY = [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']] as const;
/** Terraform's meta-arguments and cdktf's metadata, which are not deployed. */
const NOT_DEPLOYED: ReadonlySet<string> = new Set(['//', 'depends_on', 'lifecycle']);

/** Every resource of both sides, unchanged ones included. */
export function synthesizedChanges(
  stack: string,
  before: SynthesizedJson | undefined,
  after: SynthesizedJson | undefined,
): ResourceChange[] {
  const old = resourcesOf(before);
  const now = resourcesOf(after);
  const moves = new Map((after?.moved ?? []).map(({ from, to }) => [to, from]));
  const moved = new Set<string>();

  // Terraform resolves references to moved resources to the same values.
  const renamed = referencesRenamer(moves);
  const current = [...now].map(([address, values]): ResourceChange => {
    const from = moves.get(address);
    const wasMoved = from !== undefined && old.has(from) && !old.has(address);
    if (wasMoved) moved.add(from);
    const found = old.get(wasMoved ? from : address);
    const was = found && renamed(found);
    const replaced = was === undefined ? [] : identityChanges(was, values);
    return {
      stack,
      address,
      type: typeOf(address),
      before: was,
      after: values,
      ...(wasMoved && { previousAddress: from }),
      action: actionOf(was, values, replaced),
      replacedBecauseOf: replaced,
    };
  });
  const removed = [...old]
    .filter(([address]) => !now.has(address) && !moved.has(address))
    .map(([address, values]): ResourceChange => ({
      stack,
      address,
      type: typeOf(address),
      before: values,
      after: undefined,
      action: 'delete',
      replacedBecauseOf: [],
    }));
  return [...current, ...removed];
}

function resourcesOf(json: SynthesizedJson | undefined): Map<string, JsonObject> {
  return new Map(
    Object.entries(json?.resource ?? {}).flatMap(([type, resources]) =>
      Object.entries(resources).map(([name, values]): [string, JsonObject] => [
        `${type}.${name}`,
        withCommittedWeights(deployed(values), json?.locals) as JsonObject,
      ]),
    ),
  );
}

function referencesRenamer(moves: ReadonlyMap<string, string>): (values: JsonObject) => JsonObject {
  if (moves.size === 0) return (values) => values;
  const addresses = new Map([...moves].map(([to, from]) => [from, to]));
  return (values) =>
    JSON.parse(
      JSON.stringify(values).replace(
        /\$\{([a-z]\w*\.\w+)\b/g,
        (_, address: string) => `\${${addresses.get(address) ?? address}`,
      ),
    ) as JsonObject;
}

function deployed(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !NOT_DEPLOYED.has(key)));
}

function actionOf(
  before: JsonObject | undefined,
  after: JsonObject,
  replaced: readonly string[],
): ResourceChange['action'] {
  if (before === undefined) return 'create';
  if (replaced.length > 0) return 'replace';
  return differences(before, after).length === 0 ? 'none' : 'update';
}

/** What the API server replaces follows from the object; what Google replaces, only a plan knows. */
function identityChanges(before: JsonObject, after: JsonObject): string[] {
  const [was, is] = [before['manifest'], after['manifest']];
  if (!isObject(was) || !isObject(is)) return [];
  return IDENTITY.filter((path) => textAt(was, ...path) !== textAt(is, ...path)).map(
    (path) => `manifest.${path.join('.')}`,
  );
}

function typeOf(address: string): string {
  return address.slice(0, address.indexOf('.'));
}
