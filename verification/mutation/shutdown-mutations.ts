/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations change arbitrary JSON */
import { edit, type Mutation } from './mutation';

const FRONTEND = 'Deployment storefront/frontend-v1';
const PROXY_CONFIG = 'proxy.istio.io/config';

/** Termination of pods. The settings are read when a pod starts, so each mutation gets a new mesh. */
export const SHUTDOWN_MUTATIONS: readonly Mutation[] = [
  {
    what: 'the application of frontend exits immediately after SIGTERM',
    killedBy: /^shutdown\/frontend-drains/,
    change: edit(FRONTEND, (spec) => void delete spec['template'].spec.containers[0].lifecycle),
  },
  {
    what: 'the proxy of frontend drains for 1 s instead of 17 s',
    killedBy: /^shutdown\/frontend-drains/,
    change: edit(FRONTEND, (spec) => {
      const { annotations } = spec['template'].metadata as { annotations: Record<string, string> };
      annotations[PROXY_CONFIG] = String(annotations[PROXY_CONFIG]).replace('"17s"', '"1s"');
    }),
  },
];
