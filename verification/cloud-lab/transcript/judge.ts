import type { Discovery } from '../discovery/discovery';
import { Api } from '../engine/api';
import { CloudEngine } from '../engine/engine';
import { NO_DELAYS } from '../engine/switches';
import { CloudState } from '../engine/world';
import { PRODUCTS } from '../products';
import type { Transcript } from './transcript';

/** Sends the recorded requests to a new project; returns one line for each response that differs from the recorded one. */
export function judgeTranscript(transcript: Transcript, discovery: Pick<Discovery, 'match'>): string[] {
  const recordedAt = Date.parse(transcript.recordedAt);
  const world = new CloudState(transcript.project, { ...NO_DELAYS }, () => recordedAt);
  const api = new Api(discovery, new CloudEngine(world, PRODUCTS));
  return transcript.requests.flatMap(({ status, ...request }) => {
    const { response, findings } = api.judge(request);
    if (response.status === status) return [];
    const reasons = findings.map(({ message, source }) => `${message} [${source?.reference ?? 'note'}]`);
    const { verb, host, target } = request;
    return [`${verb} ${host}${target}: ${response.status} instead of ${status}: ${reasons.join('; ')}`];
  });
}

/** Stacks whose JSON is not the one that the requests were made from. */
export function staleStacks(transcript: Transcript, hashes: Readonly<Record<string, string>>): string[] {
  const names = new Set([...Object.keys(transcript.stacks), ...Object.keys(hashes)]);
  return [...names].filter((name) => transcript.stacks[name] !== hashes[name]).sort();
}
