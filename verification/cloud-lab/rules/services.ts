import { refuse } from '../engine/refusal';
import { page } from '../engine/source';
import type { CloudState } from '../engine/world';

const SOURCE = page('apis/docs/troubleshooting#accessnotconfigured');

/** @throws Refusal with the reason SERVICE_DISABLED, which the provider recognizes */
export function requireService(world: CloudState, api: string): void {
  const service = `${api}.googleapis.com`;
  if (world.isServing(service)) return;
  const consumer = `projects/${world.projectNumber}`;
  refuse(
    403,
    'PERMISSION_DENIED',
    `${service} has not been used in project ${world.projectNumber} before or it is disabled. If you enabled this API recently, wait a few minutes and retry.`,
    SOURCE,
    [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'SERVICE_DISABLED',
        domain: 'googleapis.com',
        metadata: { service, consumer },
      },
    ],
  );
}
