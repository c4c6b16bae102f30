import { isMap, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

export const exactOrigins: GateCheck = {
  id: 'GAT-013',
  title: 'Only exact origins may call',
  severity: 'error',
  rationale:
    "A wildcard or a pattern lets pages that nobody listed read the shop's responses with the token of a customer who visits them.",
  source: 'https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy',
  fix: 'declare each origin in browsers.origins',
  check: ({ manifests }) =>
    manifests
      .filter(({ kind }) => kind === 'VirtualService')
      .flatMap(({ address, body }) =>
        valuesAt(body, 'spec.http').flatMap((http) =>
          loosePolicies(http).map((found) => ({ address, message: `${found} in route '${nameOf(http)}'` })),
        ),
      ),
};

function loosePolicies(http: JsonValue): string[] {
  const written = ['set', 'add'].flatMap((how) =>
    valuesAt(http, `headers.response.${how}.access-control-allow-origin`).map(String),
  );
  return [
    ...valuesAt(http, 'corsPolicy.allowOrigins').flatMap((match) =>
      Object.entries(isMap(match) ? match : {})
        .filter(([form, value]) => form !== 'exact' || !EXACT.test(String(value)))
        .map(([form, value]) => `corsPolicy.allowOrigins ${form} '${String(value)}'`),
    ),
    ...valuesAt(http, 'corsPolicy.allowOrigin').map((value) => `corsPolicy.allowOrigin '${String(value)}'`),
    ...written.filter((value) => !EXACT.test(value)).map((value) => `access-control-allow-origin '${value}'`),
  ];
}

const EXACT = /^https?:\/\/[a-z0-9.-]+(:\d+)?$/;

function nameOf(http: JsonValue): string {
  return isMap(http) ? String(http['name']) : '';
}
