/** Changes between two syntheses of one stack, as a plan would list them if the first had been applied. */
import { withCommittedWeights } from '../canary/split';
import { differences, isObject, textAt, type JsonObject } from './json';
import type { ResourceChange } from './resource-change';

/** `cdk.tf.json` of a stack. */
export interface SynthesizedJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly locals?: JsonObject;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
}

/** The API server's identity of an object: another one is another object. */
const IDENTITY = [['apiVersion'], ['kind'], ['metadata', 'name'], ['metadata', 'namespace']] as const;
/** About how Terraform goes to work, and cdktf's own notes: none of it is deployed. */
const NOT_DEPLOYED: ReadonlySet<string> = new Set(['//', 'depends_on', 'lifecycle']);

/** Every resource of both sides, those that stay the same among them. */
export function synthesizedChanges(
  stack: string,
  before: SynthesizedJson | undefined,
  after: SynthesizedJson | undefined,
): ResourceChange[] {
  const old = resourcesOf(before);
  const now = resourcesOf(after);
  const moves = new Map((after?.moved ?? []).map(({ from, to }) => [to, from]));
  const moved = new Set<string>();

  const kept = [...now].map(([address, values]): ResourceChange => {
    const from = moves.get(address);
    const wasMoved = from !== undefined && old.has(from) && !old.has(address);
    if (wasMoved) moved.add(from);
    const was = old.get(wasMoved ? from : address);
    const replaced = was === undefined ? [] : identityChanges(was, values);
    return {
      ...{ stack, address, type: typeOf(address), before: was, after: values },
      ...(wasMoved && { previousAddress: from }),
      action: actionOf(was, values, replaced),
      replacedBecauseOf: replaced,
    };
  });
  const gone = [...old]
    .filter(([address]) => !now.has(address) && !moved.has(address))
    .map(([address, values]): ResourceChange => ({
      ...{ stack, address, type: typeOf(address), before: values, after: undefined },
      ...{ action: 'delete', replacedBecauseOf: [] },
    }));
  return [...kept, ...gone];
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

/** Only a plan knows what Google replaces; what the API server does is in the object itself. */
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
