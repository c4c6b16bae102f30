import fc from 'fast-check';
import { inboundRules } from '../../model/authorization';
import { CallGraph } from '../../model/call-graph';
import { egressScope } from '../../model/egress-scope';
import type { Environment } from '../../model/environment';
import { versionNetworkPolicy } from '../../model/network-policy';
import type { Service } from '../../model/service';
import { aCatalogue } from '../support/catalogue-fixture';

/** A random acyclic catalogue: service i calls only services with a higher index. */
const shops: fc.Arbitrary<Environment> = fc
  .array(fc.array(fc.nat({ max: 11 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .map((callees) => {
    const files = Object.fromEntries(
      callees.map((targets, index) => {
        const calls = [...new Set(targets.filter((target) => target > index && target < callees.length))];
        const text = [
          `name: s${index}`,
          'description: A generated service',
          'owner: team-a',
          'domain: sales',
          'tier: standard',
          'pciScope: out-of-scope',
          `calls: [${calls.map((target) => `{ service: s${target}, methods: [GET], paths: [/p${index}], optional: true }`).join(', ')}]`,
          // Each callee times out before its callers.
          `timeoutMs: ${3_000 - 100 * index}`,
          'slos: { expectedRequestsPerSecond: 1 }',
        ];
        return [`services/s${index}.yaml`, text.join('\n')];
      }),
    );
    const base = {
      'services/web.yaml': null,
      'services/cart.yaml': null,
      'services/stock.yaml': null,
      'releases/test.yaml': null,
    };
    const [environment] = aCatalogue({ ...base, ...files }).environments;
    if (!environment) throw new Error('no environment');
    return environment;
  });

const calls = (caller: Service, callee: Service) =>
  caller.versions[0].calls.some(({ service }) => service === callee.name);

test('AuthorizationPolicy, NetworkPolicy and Sidecar allow exactly the calls of the call graph', () => {
  fc.assert(
    fc.property(shops, (environment) => {
      const graph = new CallGraph(environment);
      for (const callee of environment.services) {
        const rules = inboundRules(environment, callee, graph.callersOf(callee.name));
        const inbound = versionNetworkPolicy(environment, graph, callee, callee.versions[0]).ingress;
        for (const caller of environment.services) {
          const [version] = caller.versions;
          const expected = calls(caller, callee);

          const byIdentity = rules.some(({ from }) =>
            from[0]?.source.principals.some((name) => name.endsWith(`/sa/${version.workload}`)),
          );
          const admits = inbound.some(({ peers }) =>
            peers.some((peer) => 'workload' in peer && peer.workload.podLabels['app'] === caller.name),
          );
          const reaches = versionNetworkPolicy(environment, graph, caller, version).egress.some(({ peers }) =>
            peers.some((peer) => 'workload' in peer && peer.workload.podLabels['app'] === callee.name),
          );
          const inScope = egressScope(environment, graph, caller, version).includes(
            `${callee.namespace}/${callee.host}`,
          );

          expect({ byIdentity, admits, reaches, inScope }).toEqual({
            byIdentity: expected,
            admits: expected,
            reaches: expected,
            inScope: expected,
          });
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('each edge has exactly one rule with its methods and paths', () => {
  fc.assert(
    fc.property(shops, (environment) => {
      const graph = new CallGraph(environment);
      for (const callee of environment.services) {
        const rules = inboundRules(environment, callee, graph.callersOf(callee.name));
        for (const { caller, methods, paths } of graph.callersOf(callee.name)) {
          const matching = rules.filter(
            ({ from, to }) =>
              from[0]?.source.principals.some((name) => name.endsWith(`/sa/${caller.serviceAccount}`)) &&
              to[0]?.operation.paths.join() === paths.join() &&
              to[0].operation.methods.join() === methods.join(),
          );
          expect(matching).toHaveLength(1);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test('a canary is allowed only its own calls', () => {
  const [environment] = aCatalogue().environments;
  const graph = new CallGraph(environment!);

  const callers = (name: string) => graph.callersOf(name).map(({ caller }) => caller.serviceAccount);
  const external = graph.callersOfExternal('bank').map(({ caller }) => caller.serviceAccount);

  expect(callers('stock')).toEqual(['cart-v1', 'cart-v2']);
  expect(external).toEqual(['cart-v1']);
});
