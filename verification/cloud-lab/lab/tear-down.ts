/** What Google refuses while an environment is destroyed, and the steps of docs/runbooks/tear-down.md against it. */
import type { Environment } from '../../../model/environment';
import type { CloudState } from '../engine/world';

export interface TearDownObstacle {
  readonly name: string;
  readonly applies: (environment: Environment) => boolean;
  /** In Terraform's output. */
  readonly refused: RegExp;
  /** Changes the project as the runbook does, or as time does. */
  readonly clear: (world: CloudState) => void;
}

/** In the order in which they stop `npm run destroy`. */
export const TEAR_DOWN_OBSTACLES: readonly TearDownObstacle[] = [
  {
    name: 'locked log bucket with entries',
    applies: ({ logs }) => logs.locked ?? false,
    refused: /A locked bucket with entries cannot be deleted/,
    // The last entry has expired.
    clear: (world) => {
      for (const [, resource] of world.entries()) if (resource['locked'] === true) resource['locked'] = false;
    },
  },
  {
    name: 'peering that Terraform abandons',
    applies: ({ database }) => database.connectivity === 'private-services-access',
    refused: /already being used by 'servicenetworking/,
    // `gcloud services vpc-peerings delete`
    clear: (world) => world.forget('servicenetworking'),
  },
];
