/** Streams the output of `terraform show -json`: only one resource at a time is in memory. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { WEIGHT_CAP_LABELS, parseWeightCap } from '../../model/canary/weight-cap';
import { listAt, textAt } from '../../model/review/json';
import type { Reviewer } from '../../model/review/review';
import { UsageError } from '../command-line';
import { JsonPicker, type Wanted } from './json-picker';
import { planChange } from './plan-change';

const CHUNK_BYTES = 1024 * 1024;
const STATE = 'prior_state.values.root_module.resources';
/** Data source by which a plan reads weight caps. */
const WEIGHT_CAPS_TYPE = 'kubernetes_resources';
const WANTED: Wanted = {
  format_version: 'value',
  errored: 'value',
  resource_changes: 'elements',
  resource_drift: 'elements',
  [STATE]: 'elements',
};

/** `prod-network` for `plans/prod-network.json` or `plans/prod-network.json.gz`. */
export function stackOfPlan(file: string): string {
  return basename(file).replace(/\.json(\.gz)?$/, '');
}

/** @throws UsageError if the file cannot be read, is not a plan, or the plan is incomplete */
export async function readPlan(file: string, reviewer: Reviewer): Promise<void> {
  const stack = stackOfPlan(file);
  const header = { version: '', errored: false };
  reviewer.addStack(stack);
  const picker = new JsonPicker(WANTED, (path, text) => {
    if (path === 'format_version') header.version = String(JSON.parse(text));
    else if (path === 'errored') header.errored = text.trim() === 'true';
    else addEntry(reviewer, stack, path, text);
  });
  try {
    const bytes = createReadStream(file, { highWaterMark: CHUNK_BYTES });
    const pick = async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) picker.write(chunk);
    };
    await (file.endsWith('.gz') ? pipeline(bytes, createGunzip(), pick) : pipeline(bytes, pick));
    picker.end();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new UsageError(`'${file}' cannot be read as a plan: ${reason}; ${FIX}`);
  }
  if (!header.version.startsWith('1.')) throw new UsageError(`'${file}' is not a plan; ${FIX}`);
  if (header.errored)
    throw new UsageError(
      `the plan in '${file}' is incomplete, because terraform plan failed; plan again and review the new plan`,
    );
}

const FIX = "write one with 'terraform show -json <plan file>'";

function addEntry(reviewer: Reviewer, stack: string, list: string, text: string): void {
  if (list === STATE) {
    // Of the prior state only weight caps matter; parsing the rest takes a second.
    if (text.includes(WEIGHT_CAPS_TYPE)) addWeightCaps(reviewer, JSON.parse(text));
    return;
  }
  const change = planChange(stack, JSON.parse(text));
  if (change === undefined) return;
  if (list === 'resource_drift') reviewer.addDrift(change);
  else reviewer.addChange(change);
}

/** The plan has read the weight caps, so they are in its prior state. */
function addWeightCaps(reviewer: Reviewer, resource: unknown): void {
  if (textAt(resource, 'mode') !== 'data' || textAt(resource, 'type') !== WEIGHT_CAPS_TYPE) return;
  for (const object of listAt(resource, 'values', 'objects')) {
    if (textAt(object, 'metadata', 'labels', WEIGHT_CAP_LABELS.weightCap) !== 'true') continue;
    try {
      reviewer.addWeightCap(parseWeightCap(object));
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }
}
