/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations reach into JSON of every kind */
import { edit, type Mutation } from './mutation';

const ROLLED = 'Deployment storefront/frontend-v1';
const PROXY_CONFIG = 'proxy.istio.io/config';

/** How a pod ends. It is read when the pod begins, so each mutation gets a mesh of its own. */
export const SHUTDOWN_MUTATIONS: readonly Mutation[] = [
  {
    what: 'the application of frontend ends as soon as it is told',
    caughtBy: /^shutdown\/frontend-drains/,
    change: edit(ROLLED, (spec) => void delete spec['template'].spec.containers[0].lifecycle),
  },
  {
    what: 'the proxy of frontend ends 1 s after it is told, not 17',
    caughtBy: /^shutdown\/frontend-drains/,
    change: edit(ROLLED, (spec) => {
      const { annotations } = spec['template'].metadata as { annotations: Record<string, string> };
      annotations[PROXY_CONFIG] = String(annotations[PROXY_CONFIG]).replace('"17s"', '"1s"');
    }),
  },
];
