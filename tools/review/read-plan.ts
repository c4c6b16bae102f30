/** Streams `terraform show -json` of a plan: however large it is, one resource at a time is in memory. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { JSONParser } from '@streamparser/json';
import { CEILING_LABELS, parseCeiling } from '../../model/canary/ceiling';
import { listAt, textAt } from '../../model/review/json';
import type { Reviewer } from '../../model/review/review';
import { UsageError } from '../usage-error';
import { planChange } from './plan-change';

const CHUNK_BYTES = 1024 * 1024;
const PATHS = {
  changes: '$.resource_changes.*',
  drift: '$.resource_drift.*',
  state: '$.prior_state.values.root_module.resources.*',
  version: '$.format_version',
  errored: '$.errored',
} as const;
/** The first field of the three that tells which list a value stands in. */
const LIST_DEPTH = 1;

/** `plans/prod-network.json`, packed or not, is the plan of `prod-network`. */
export function stackOfPlan(file: string): string {
  return basename(file).replace(/\.json(\.gz)?$/, '');
}

/**
 * @throws UsageError if the file cannot be read, or is no plan, or the plan broke off
 */
export async function readPlan(file: string, reviewer: Reviewer): Promise<void> {
  const stack = stackOfPlan(file);
  const seen = { version: '', errored: false };
  reviewer.addStack(stack);
  const parser = new JSONParser({ paths: Object.values(PATHS), keepStack: false });
  parser.onValue = ({ key, value, stack: parents }) => {
    if (key === 'format_version') seen.version = typeof value === 'string' ? value : '';
    else if (key === 'errored') seen.errored = value === true;
    else addEntry(reviewer, stack, parents[LIST_DEPTH]?.key, value);
  };
  try {
    const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    const parse = async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) parser.write(chunk);
    };
    await (file.endsWith('.gz') ? pipeline(bytes, createGunzip(), parse) : pipeline(bytes, parse));
    if (!parser.isEnded) parser.end();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(`'${file}' cannot be read as a plan: ${reason}; ${REMEDY}`);
  }
  if (!seen.version.startsWith('1.')) throw new UsageError(`'${file}' is no plan; ${REMEDY}`);
  if (seen.errored) throw new UsageError(`the plan in '${file}' broke off; plan again, then review that`);
}

const REMEDY = "'terraform show -json <plan file>' writes one";

function addEntry(
  reviewer: Reviewer,
  stack: string,
  list: string | number | undefined,
  value: unknown,
): void {
  if (list === 'prior_state') {
    addCeilings(reviewer, value);
    return;
  }
  const change = planChange(stack, value);
  if (change === undefined) return;
  if (list === 'resource_drift') reviewer.addDrift(change);
  else reviewer.addChange(change);
}

/** The plan has read them, so they stand in its picture of what there is. */
function addCeilings(reviewer: Reviewer, resource: unknown): void {
  if (textAt(resource, 'mode') !== 'data' || textAt(resource, 'type') !== 'kubernetes_resources') return;
  for (const object of listAt(resource, 'values', 'objects')) {
    if (textAt(object, 'metadata', 'labels', CEILING_LABELS.ceiling) !== 'true') continue;
    try {
      reviewer.addCeiling(parseCeiling(object));
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }
}
