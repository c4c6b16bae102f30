import type { Context } from './call';
import type { ApiObject } from './json';
import type { FinishedOperation } from './product';

/** An operation that has finished. @see https://google.aip.dev/151 */
export function longRunningOperation(
  { id, type, resource }: FinishedOperation,
  { call, name }: Context,
): ApiObject {
  const [parent] = /^projects\/[^/]+(\/locations\/[^/]+)?/.exec(name) ?? [];
  return {
    name:
      parent === undefined || call.api === 'serviceusage' ? `operations/${id}` : `${parent}/operations/${id}`,
    done: true,
    metadata: {},
    response:
      type === 'delete'
        ? { '@type': 'type.googleapis.com/google.protobuf.Empty' }
        : { '@type': `type.googleapis.com/${call.method.id}`, ...resource },
  };
}
