/** A plan of any size: many copies of the shop that a small plan is about. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

interface Entry {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly change: { readonly before: unknown; readonly after: unknown };
}

interface Plan {
  readonly resource_changes: readonly Entry[];
  readonly resource_drift: readonly Entry[];
}

/** Names of the shop's services as whole words: in addresses, hosts, labels and accounts. */
const SERVICE = /(?<![a-z])(cart|checkout|frontend|order[-_]management)(?![a-z])/g;
const MOST_COPIES = 10_000;

/**
 * Writes the parts in the order of `terraform show -json`: planned values, drift, changes, prior state, configuration.
 * Parts that a review does not read have the same values as the changes.
 *
 * @param source compressed plan of the shop
 * @returns number of copies
 */
export function writeLargePlan(file: string, source: string, bytes: number): number {
  const plan = JSON.parse(gunzipSync(readFileSync(source)).toString('utf8')) as Plan;
  const parts = partsOf(plan);
  const size = Object.values(parts).reduce((sum, texts) => sum + texts.join().length, 0);
  const copies = Math.min(MOST_COPIES, Math.ceil(bytes / size));
  const output = openSync(file, 'w');
  const list = (texts: readonly string[]) => {
    for (let copy = 0; texts.length > 0 && copy < copies; copy += 1)
      writeSync(output, `${copy === 0 ? '' : ','}${texts.join().replace(SERVICE, `$1x${copy}`)}`);
  };
  writeSync(
    output,
    '{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[',
  );
  list(parts.planned);
  writeSync(output, ']}},"resource_drift":[');
  list(parts.drift);
  writeSync(output, '],"resource_changes":[');
  list(parts.changes);
  writeSync(output, '],"prior_state":{"format_version":"1.0","values":{"root_module":{"resources":[');
  list(parts.prior);
  writeSync(output, ']}}},"configuration":{"root_module":{"resources":[');
  list(parts.configuration);
  writeSync(
    output,
    ']}},"timestamp":"2026-01-31T09:00:00Z","applyable":true,"complete":true,"errored":false}',
  );
  closeSync(output);
  return copies;
}

function partsOf({ resource_changes: changes, resource_drift: drift }: Plan) {
  const values = ({ change: _change, ...entry }: Entry, side: unknown) =>
    side === null ? [] : [JSON.stringify({ ...entry, schema_version: 1, values: side })];
  return {
    planned: changes.flatMap((entry) => values(entry, entry.change.after)),
    drift: drift.map((entry) => JSON.stringify(entry)),
    changes: changes.map((entry) => JSON.stringify(entry)),
    prior: changes.flatMap((entry) => values(entry, entry.change.before)),
    configuration: changes.map(({ address, mode, type }) =>
      JSON.stringify({ address, mode, type, expressions: { manifest: { constant_value: {} } } }),
    ),
  };
}
