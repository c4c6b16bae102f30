import type { Rule } from '../rule';

/** Ports of the proxy in every pod: administration, traffic capture, metrics, health, debugging. */
const FIRST_OF_PROXY = 15_000;
const LAST_OF_PROXY = 15_100;

export const noProxyPort: Rule = {
  id: 'PLT-003',
  title: "Containers do not use the proxy's ports",
  severity: 'error',
  rationale:
    'App and proxy share a network namespace: the second to start cannot bind the port, and the pod never becomes ready.',
  source: 'https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio',
  fix: `use a port outside of ${FIRST_OF_PROXY}–${LAST_OF_PROXY}`,
  check: ({ services }) =>
    services.flatMap((service) =>
      (['port', 'adminPort'] as const).flatMap((key) => {
        const port = service[key];
        if (port === undefined || port < FIRST_OF_PROXY || port > LAST_OF_PROXY) return [];
        const message = `${port} is reserved for the proxy`;
        return [{ kind: 'service' as const, name: service.name, path: [key], message }];
      }),
    ),
};
