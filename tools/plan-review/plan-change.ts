/** One entry of a plan's `resource_changes` or `resource_drift`. */
import { at, isObject, listAt, textAt, textsAt, type JsonObject } from '../../model/review/json';
import type { Action, ResourceChange } from '../../model/review/resource-change';
import { masked, type Marks } from './mask';

/** Nothing for data sources: they change nothing. */
export function planChange(stack: string, entry: unknown): ResourceChange | undefined {
  const change = at(entry, 'change');
  const address = textAt(entry, 'address');
  const type = textAt(entry, 'type');
  if (!isObject(change) || address === undefined || type === undefined) return undefined;
  if (textAt(entry, 'mode') !== 'managed') return undefined;

  const previous = textAt(entry, 'previous_address');
  const secret = secretMarks(type, change);
  const sides = masked({
    before: change['before'],
    after: change['after'],
    beforeSensitive: secret ?? change['before_sensitive'],
    afterSensitive: secret ?? change['after_sensitive'],
    afterUnknown: change['after_unknown'],
  });
  return {
    ...{ stack, address, type },
    ...(previous !== undefined && { previousAddress: previous }),
    action: actionOf(textsAt(change, 'actions')),
    before: objectOrNothing(sides.before),
    after: objectOrNothing(sides.after),
    replacedBecauseOf: listAt(change, 'replace_paths').map(pathText),
  };
}

/** A Secret's values are no secret to the provider, which sees a manifest like any other. */
function secretMarks(type: string, change: JsonObject): Marks {
  const kinds = ['before', 'after'].map((side) => textAt(change, side, 'manifest', 'kind'));
  if (type !== 'kubernetes_manifest' || !kinds.includes('Secret')) return undefined;
  const values = { data: true, stringData: true };
  return { manifest: values, object: values };
}

function actionOf(actions: readonly string[]): Action {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  const [action] = actions;
  switch (action) {
    case 'create':
    case 'update':
    case 'delete':
    case 'forget':
      return action;
    default:
      return 'none';
  }
}

function pathText(path: unknown): string {
  return Array.isArray(path) ? path.map(String).join('.') : String(path);
}

function objectOrNothing(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
