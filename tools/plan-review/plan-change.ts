/** One entry of a plan's `resource_changes` or `resource_drift`. */
import { at, isObject, listAt, textAt, textsAt, type JsonObject } from '../../model/review/json';
import type { Action, ResourceChange } from '../../model/review/resource-change';
import { masked, type Marks } from './mask';

/** `undefined` for data sources, which change nothing. */
export function planChange(stack: string, entry: unknown): ResourceChange | undefined {
  const change = at(entry, 'change');
  const address = textAt(entry, 'address');
  const type = textAt(entry, 'type');
  if (!isObject(change) || address === undefined || type === undefined) return undefined;
  if (textAt(entry, 'mode') !== 'managed') return undefined;

  const previous = textAt(entry, 'previous_address');
  const secretMarks = marksOfSecret(type, change);
  const sides = masked({
    before: change['before'],
    after: change['after'],
    beforeSensitive: secretMarks ?? change['before_sensitive'],
    afterSensitive: secretMarks ?? change['after_sensitive'],
    afterUnknown: change['after_unknown'],
  });
  return {
    stack,
    address,
    type,
    ...(previous !== undefined && { previousAddress: previous }),
    action: actionOf(textsAt(change, 'actions')),
    before: objectOrUndefined(sides.before),
    after: objectOrUndefined(sides.after),
    replacedBecauseOf: listAt(change, 'replace_paths').map(pathText),
  };
}

/** The provider does not mark the values of a Kubernetes Secret. */
function marksOfSecret(type: string, change: JsonObject): Marks {
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

function objectOrUndefined(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}
