/** Sends requests at a steady rate, without waiting for responses. */
import type { Mesh } from '../mesh-lab/mesh/mesh';
import type { Reply } from '../mesh-lab/mesh/send';
import { bearer } from '../mesh-lab/mesh/tokens';

export interface ClientResponse {
  /** Arrival of the response, in milliseconds of `performance.now()`. */
  readonly time: number;
  readonly ms: number;
  readonly status: Reply['status'];
}

const PATHS = [1, 2, 3, 4, 5].map((number) => `/checkout/${number}`);

export interface Clients {
  /** So far, in the order of arrival. */
  readonly responses: readonly ClientResponse[];
  /** Sends no more requests, and waits for the open ones. */
  readonly end: () => Promise<void>;
}

export function startClients(mesh: Mesh, perSecond: number): Clients {
  const responses: ClientResponse[] = [];
  const { api: host } = mesh.environment.domainNames;
  const headers = bearer(mesh.issuer.token());
  const started = performance.now();
  const open = new Set<Promise<void>>();
  let sent = 0;
  const timer = setInterval(() => {
    // All that are due: a busy machine skips ticks.
    for (; sent < ((performance.now() - started) / 1_000) * perSecond; sent++) {
      const request = mesh.client
        .send({ host, path: PATHS[sent % PATHS.length] ?? '/checkout', headers })
        .then(({ status, ms }) => void responses.push({ time: performance.now(), ms, status }))
        .finally(() => open.delete(request));
      open.add(request);
    }
  }, 5);
  return {
    responses,
    end: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
