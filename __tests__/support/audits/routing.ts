import type { Environment } from '../../../model/environment';
import { objectsOfKind, synthEnvironment } from '../synth';

/** Audits routes, retries and what the mesh sends to third parties. */
export function auditRouting(environment: Environment): void {
  const mesh = synthEnvironment(environment).get(`${environment.name}-mesh-policies`);

  for (const service of environment.services)
    test(`${service.name} has the same routes in the mesh and at the gateway`, () => {
      const virtualServices = objectsOfKind(mesh, 'VirtualService');
      const hosts = service.versions.map(({ host }) => host);
      const inMesh = virtualServices.find(
        ({ metadata }) => metadata.namespace === service.namespace && metadata.name === service.name,
      );
      const atGateway = virtualServices
        .filter(({ metadata }) => metadata.namespace === 'ingress-gateway')
        .map(({ spec }) =>
          spec.http.filter(({ route, fault }: any) => !fault && hosts.includes(route[0].destination.host)),
        )
        .filter((rules) => rules.length > 0);
      expect(atGateway).toHaveLength(new Set(service.ingress.map(({ host }) => host)).size);

      // At the gateway, requests with a body go to a pool of connections of their own, a subset.
      const destinationsOf = (route: any) =>
        route.map(({ destination: { subset: _, ...destination }, weight }: any) => ({ destination, weight }));
      const behaviour = ({ route, timeout, retries }: any) => ({
        route: destinationsOf(route),
        timeout,
        retries,
      });
      const [refusal, ...routes] = inMesh?.spec.http ?? [];
      expect(refusal).toMatchObject({ fault: { abort: { httpStatus: 400, percentage: { value: 100 } } } });
      for (const route of atGateway.flat()) {
        const isRead = route.match.every(({ method }: any) => ['GET', 'HEAD'].includes(method.exact));
        const same = routes.find(({ name }: any) => ['default', isRead ? 'reads' : 'writes'].includes(name));
        expect(behaviour(route)).toEqual(behaviour(same));
        for (const { destination } of route.route)
          expect(destination.subset ?? '').toMatch(isRead ? /^$/ : /^bodies/);
      }
      for (const { route, retries, timeout } of routes) {
        expect(route.reduce((sum: number, { weight }: any) => sum + weight, 0)).toBe(100);
        expect(retries.attempts).toBeDefined();
        expect(timeout).toBeDefined();
      }
    });

  test('each public host has one VirtualService, which refuses ambiguous paths first', () => {
    const atGateway = objectsOfKind(mesh, 'VirtualService').filter(({ spec }) =>
      spec.gateways.includes('ingress-gateway/ingress-gateway'),
    );
    const hosts = atGateway.flatMap(({ spec }) => spec.hosts);
    expect(hosts).toHaveLength(new Set(hosts).size);
    for (const { spec } of atGateway) expect(spec.http[0].fault.abort.httpStatus).toBe(400);
  });

  test('only reads are retried if the request may have arrived', () => {
    for (const { spec } of objectsOfKind(mesh, 'VirtualService')) {
      for (const { retries, name } of spec.http) {
        if (retries.attempts === 0 || /\breads\b/.test(name)) continue;
        expect(
          retries.retryOn
            .split(',')
            .filter((on: string) => !['connect-failure', 'refused-stream'].includes(on)),
        ).toEqual([]);
      }
      const reads = spec.http
        .filter(({ name }: any) => /\breads\b/.test(name))
        .flatMap(({ match }: any) => match);
      for (const { method } of reads) expect(['GET', 'HEAD']).toContain(method.exact);
    }
  });

  test('the certificate of the calling workload is not sent to third parties', () => {
    const outerLegs = objectsOfKind(mesh, 'VirtualService')
      .flatMap(({ spec }) => spec.http)
      .filter(({ name }: any) => name === 'to-third-party');
    expect(outerLegs).toHaveLength(environment.externals.length);
    for (const { headers } of outerLegs) expect(headers.request.remove).toContain('x-forwarded-client-cert');
  });
}
