import { isMap, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

export const weightsAreWhole: GateCheck = {
  id: 'GAT-011',
  title: 'Weights of a route add up to 100',
  severity: 'error',
  rationale:
    'Weights are proportions: 90 and 1 ship without a word, and a canary that was meant to take 10 % takes 1.1 %.',
  source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRouteDestination',
  fix: 'change the weight in the release, which gives the rest to the stable version',
  check: ({ manifests }) =>
    manifests
      .filter(({ kind }) => kind === 'VirtualService')
      .flatMap(({ address, body }) =>
        valuesAt(body, 'spec.http').flatMap((http) => {
          const weights = valuesAt(http, 'route.weight');
          // One that Terraform computes is known when the plan is.
          if (weights.length === 0 || !weights.every((weight) => typeof weight === 'number')) return [];
          const sum = weights.reduce((total, weight) => total + weight, 0);
          if (sum === 100) return [];
          return [{ address, message: `the weights of route '${nameOf(http)}' are ${weights.join(' + ')}` }];
        }),
      ),
};

function nameOf(http: JsonValue): string {
  return isMap(http) ? String(http['name']) : '';
}
