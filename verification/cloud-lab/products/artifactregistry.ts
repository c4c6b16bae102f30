import { kind, type Product } from '../engine/product';
import type { ApiObject } from '../engine/json';
import { page } from '../engine/source';
import { RFC_1035, requireName } from './names';

interface Repository {
  readonly mode?: string;
  readonly vulnerabilityScanningConfig?: ApiObject;
}

const NAMES = page('artifact-registry/docs/repositories/create-repos');

export const ARTIFACT_REGISTRY: Product = {
  kinds: {
    repositories: kind<Repository>({
      check: (_repository, { name }) => requireName(name, RFC_1035, NAMES),
      defaults: ({ mode, vulnerabilityScanningConfig }, { world, name }) => ({
        mode: mode ?? 'STANDARD_REPOSITORY',
        registryUri: `${name.split('/')[3]}-docker.pkg.dev/${world.projectId}/${name.split('/').at(-1)}`,
        vulnerabilityScanningConfig: {
          enablementState: 'SCANNING_DISABLED',
          enablementStateReason: 'scanning is disabled',
          ...vulnerabilityScanningConfig,
        },
      }),
    }),
  },
};
