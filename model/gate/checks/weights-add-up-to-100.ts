import { weightReferences } from '../../canary/split';
import { isMap, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

export const weightsAddUpTo100: GateCheck = {
  id: 'GAT-011',
  title: 'Weights of a route add up to 100',
  severity: 'error',
  rationale:
    'Istio takes weights as proportions: with 90 and 1 the canary gets 1.1 % instead of 10 %, without any error.',
  source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination',
  fix: 'set the weight in the release file; the stable version takes the rest',
  check: ({ manifests }) =>
    manifests
      .filter(({ kind }) => kind === 'VirtualService')
      .flatMap(({ address, body }) =>
        valuesAt(body, 'spec.http').flatMap((http) => {
          const weights = valuesAt(http, 'route.weight');
          if (weights.length === 0 || addUp(weights)) return [];
          return [{ address, message: `the weights of route '${nameOf(http)}' are ${weights.join(' + ')}` }];
        }),
      ),
};

/** Terraform computes the weights of a running canary at plan time: one local value, and 100 minus that value. */
function addUp(weights: readonly JsonValue[]): boolean {
  if (weights.every((weight) => typeof weight === 'number'))
    return weights.reduce((total, weight) => total + weight, 0) === 100;
  const [, local] = weights.map((weight) => LOCAL.exec(String(weight))).find((match) => match) ?? [];
  if (local === undefined) return false;
  const { canary, stable } = weightReferences(local);
  return weights.length === 2 && weights.includes(canary) && weights.includes(stable);
}

const LOCAL = /^\$\{local\.([\w-]+)\}$/;

function nameOf(http: JsonValue): string {
  return isMap(http) ? String(http['name']) : '';
}
