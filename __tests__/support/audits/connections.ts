import { CallGraph } from '../../../model/call-graph';
import type { Environment } from '../../../model/environment';
import { connectionPasses, type Pod } from '../network-policy-evaluator';
import { objectsOfKind, synthEnvironment } from '../synth';

/** Audits the NetworkPolicies: which pods can connect to which, to the internet and to the database. */
export function auditConnections(environment: Environment): void {
  const mesh = synthEnvironment(environment).get(`${environment.name}-mesh-policies`);
  const policies = objectsOfKind(mesh, 'NetworkPolicy');
  const pods = objectsOfKind(mesh, 'Deployment').map(({ metadata, spec }) => ({
    name: metadata.name,
    pod: { namespace: metadata.namespace ?? '', labels: spec.template.metadata.labels } satisfies Pod,
    port: metadata.name.endsWith('gateway') ? 8_443 : spec.template.spec.containers[0].ports[0].containerPort,
  }));

  test('exactly the pods of calls and routes can connect', () => {
    const graph = new CallGraph(environment);
    const inside = environment.services.flatMap((service) =>
      graph
        .callersOf(service.name)
        .flatMap(({ caller }) =>
          service.versions.map(({ workload }) => `${caller.serviceAccount} → ${workload}`),
        ),
    );
    const outside = environment.services.flatMap(({ versions }) =>
      versions
        .filter(({ externalCalls }) => externalCalls.length > 0)
        .map(({ workload }) => `${workload} → egress-gateway`),
    );
    const allowed = pods.flatMap((from) =>
      pods
        .filter((to) => to !== from && connectionPasses(policies, from.pod, to.pod, to.port))
        .map((to) => `${from.name} → ${to.name}`),
    );

    expect(allowed.sort()).toEqual([...new Set([...inside, ...outside])].sort());
  });

  test('a pod with unknown labels in a namespace of the mesh cannot connect to any pod', () => {
    for (const { namespace } of environment.domains) {
      const unknown: Pod = { namespace, labels: { app: 'unknown' } };
      expect(pods.filter(({ pod, port }) => connectionPasses(policies, unknown, pod, port))).toEqual([]);
    }
  });

  test('only the egress gateway can connect to the internet, and only where a third party is called', () => {
    const toInternet = policies.filter(({ spec }) => JSON.stringify(spec.egress ?? []).includes('0.0.0.0/0'));

    for (const { metadata } of toInternet) expect(metadata.name).toBe('egress-gateway');
    expect(toInternet.length > 0).toBe(environment.externals.length > 0);
  });

  test('only services with a database can connect to it', () => {
    const { network, database } = environment;
    const address =
      database.connectivity === 'private-service-connect'
        ? network.databaseEndpointIp
        : network.databasePeeringCidr;
    const toDatabase = policies.filter(({ spec }) =>
      JSON.stringify(spec.egress ?? []).includes(`"${address}`),
    );
    const expected = environment.services
      .filter((service) => service.database)
      .flatMap(({ versions }) => versions.map(({ workload }) => workload));

    expect(toDatabase.map(({ metadata }) => metadata.name).sort()).toEqual(expected.sort());
  });
}
