import { PAGES } from '../../browsers/cross-origin';
import { sourceNames } from '../../browsers/response-headers';
import { dnsName } from '../../schema/primitives';
import type { CspDirectives } from '../../schema/content-security-schema';
import { didYouMean } from '../../source/suggest';
import type { Path } from '../../source/yaml-document';
import type { Environment } from '../../environment';
import type { Rule, RuleViolation } from '../rule';

interface UsedName extends Pick<RuleViolation, 'kind' | 'name' | 'path'> {
  readonly origin: string;
}

export const originsAreDeclared: Rule = {
  id: 'SEC-010',
  title: 'Names of origins are declared',
  severity: 'error',
  rationale:
    'Browsers refuse calls, frames and scripts of an origin that the environment does not name, so the page fails only for customers.',
  source: 'https://fetch.spec.whatwg.org/#http-cors-protocol',
  fix: "add it to browsers.origins of the environment, or use 'pages'",
  check: (environment) => {
    const known = sourceNames(environment);
    const { name, browsers } = environment;
    const own = Object.keys(browsers.origins)
      .filter((origin) => origin === PAGES || origin === 'api')
      .map((origin): RuleViolation => ({
        kind: 'environment',
        name,
        path: ['browsers', 'origins', origin],
        message: `'${origin}' already names a public host of the environment`,
        fix: 'use another name',
      }));
    const unknown = usedNames(environment)
      .filter(({ origin }) => !known.has(origin))
      .map(({ origin, ...place }): RuleViolation => {
        const similar = didYouMean(origin, [...known.keys()]);
        return {
          ...place,
          message: `environment '${name}' names no origin '${origin}'`,
          ...(similar !== undefined && { fix: similar }),
        };
      });
    return [...own, ...unknown];
  },
};

function usedNames({ name, browsers, services }: Environment): UsedName[] {
  const { framedBy, contentSecurityPolicy } = browsers;
  const inEnvironment = { kind: 'environment' as const, name };
  return [
    ...framedBy.map((origin, index) => ({ ...inEnvironment, path: ['browsers', 'framedBy', index], origin })),
    ...namesIn(contentSecurityPolicy.directives, ['browsers', 'contentSecurityPolicy', 'directives']).map(
      (used) => ({ ...inEnvironment, ...used }),
    ),
    ...services.flatMap(({ name: service, ingress }) => {
      const inService = { kind: 'service' as const, name: service };
      return ingress.flatMap((route, index) => [
        ...route.origins.map((origin, position) => ({
          ...inService,
          path: ['ingress', index, 'origins', position],
          origin,
        })),
        ...namesIn(route.contentSecurityPolicy, ['ingress', index, 'contentSecurityPolicy']).map((used) => ({
          ...inService,
          ...used,
        })),
      ]);
    }),
  ];
}

function namesIn(directives: CspDirectives, path: Path): { readonly path: Path; readonly origin: string }[] {
  return Object.entries(directives).flatMap(([directive, sources]) =>
    sources
      .map((origin, index) => ({ path: [...path, directive, index], origin }))
      .filter(({ origin }) => dnsName.safeParse(origin).success),
  );
}
