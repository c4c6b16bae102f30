import type { Rule } from '../rule';

/** What the proxy in every pod listens on: administration, capture, metrics, health, debugging. */
const FIRST_OF_PROXY = 15_000;
const LAST_OF_PROXY = 15_100;

export const portOfItsOwn: Rule = {
  id: 'PLT-003',
  title: "No port of the pod's proxy",
  severity: 'error',
  rationale:
    'The app and its proxy share one network: whichever starts second finds the port taken, and the pod never becomes ready.',
  source: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio',
  fix: `use a port outside of ${FIRST_OF_PROXY} to ${LAST_OF_PROXY}`,
  check: ({ services }) =>
    services
      .filter(({ port }) => port >= FIRST_OF_PROXY && port <= LAST_OF_PROXY)
      .map(({ name, port }) => ({
        kind: 'service' as const,
        name,
        path: ['port'],
        message: `${port} belongs to the proxy beside the app`,
      })),
};
