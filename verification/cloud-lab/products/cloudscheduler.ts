import type { ApiCall } from '../engine/call';
import type { Engine } from '../engine/product';
import type { ApiObject } from '../engine/json';
import { kind, type Product } from '../engine/product';
import { schemaText } from '../engine/source';
import { requireName } from './names';

interface Job {
  readonly httpTarget?: ApiObject & { readonly headers?: ApiObject; readonly oauthToken?: ApiObject };
}

export const CLOUD_SCHEDULER: Product = {
  identity: (_id, { name }) => ({ name }),
  methods: {
    'jobs.pause': (call, engine) => setState(call, engine, 'PAUSED'),
    'jobs.resume': (call, engine) => setState(call, engine, 'ENABLED'),
  },
  kinds: {
    jobs: kind<Job>({
      check: (_job, { name }) =>
        requireName(name, /^[a-zA-Z\d_-]{1,500}$/, schemaText('cloudscheduler.v1#Job.name')),
      defaults: ({ httpTarget }, { world }) => ({
        state: 'ENABLED',
        userUpdateTime: world.timestamp(),
        ...(httpTarget && {
          httpTarget: {
            ...httpTarget,
            headers: { ...httpTarget.headers, 'User-Agent': 'Google-Cloud-Scheduler' },
            ...(httpTarget.oauthToken && {
              oauthToken: {
                scope: 'https://www.googleapis.com/auth/cloud-platform',
                ...httpTarget.oauthToken,
              },
            }),
          },
        }),
      }),
    }),
  },
};

function setState({ api, path }: ApiCall, engine: Engine, state: string): ApiObject {
  const name = path.replace(/:[a-z]+$/, '');
  return engine.world.put(api, name, { ...engine.read(api, name), state });
}
