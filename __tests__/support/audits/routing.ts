import type { Environment } from '../../../model/environment';
import { objectsOfKind, synthEnvironment } from '../synth';

/** Audits routes, retries and what the mesh sends to third parties. */
export function auditRouting(environment: Environment): void {
  const mesh = synthEnvironment(environment).get(`${environment.name}-mesh-policies`);

  test.each(environment.services)('$name has the same routes in the mesh and at the gateway', (service) => {
    const virtualServices = objectsOfKind(mesh, 'VirtualService').filter(
      ({ metadata }) => metadata.namespace === service.namespace,
    );
    const inMesh = virtualServices.find(({ metadata }) => metadata.name === service.name);
    const atGateway = virtualServices.filter(({ metadata }) =>
      [`${service.name}-web`, `${service.name}-api`].includes(metadata.name),
    );
    expect(atGateway).toHaveLength(new Set(service.ingress.map(({ host }) => host)).size);

    const behaviour = ({ name, route, timeout, retries }: any) => ({ name, route, timeout, retries });
    const expected = inMesh?.spec.http.map(behaviour);
    for (const { spec } of atGateway) {
      for (const route of spec.http) expect(expected).toContainEqual(behaviour(route));
    }
    for (const { route, retries, timeout } of inMesh?.spec.http ?? []) {
      expect(route.reduce((sum: number, { weight }: any) => sum + weight, 0)).toBe(100);
      expect(retries.attempts).toBeDefined();
      expect(timeout).toBeDefined();
    }
  });

  test('only reads are retried if the request may have arrived', () => {
    for (const { spec } of objectsOfKind(mesh, 'VirtualService')) {
      for (const { retries, name } of spec.http) {
        if (retries.attempts === 0 || name === 'reads') continue;
        expect(
          retries.retryOn
            .split(',')
            .filter((on: string) => !['connect-failure', 'refused-stream'].includes(on)),
        ).toEqual([]);
      }
      const reads = spec.http.filter(({ name }: any) => name === 'reads').flatMap(({ match }: any) => match);
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
