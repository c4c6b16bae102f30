/* eslint-disable @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-assignment -- mutations change arbitrary JSON */
import {
  principalLike,
  edit,
  operation,
  remove,
  route,
  ruleOf,
  sources,
  type Json,
  type Mutation,
} from './mutation';

const CHECKOUT_ACCESS = 'AuthorizationPolicy purchasing/checkout';
const CART_ACCESS = 'AuthorizationPolicy purchasing/cart';
const GATEWAY_ACCESS = 'AuthorizationPolicy ingress-gateway/ingress-gateway';
const GATEWAY_TOKENS = 'RequestAuthentication ingress-gateway/ingress-gateway';

/** Authorization, identities and tokens. */
export const ACCESS_MUTATIONS: readonly Mutation[] = [
  {
    what: "the canary's weight inside the mesh is 15 instead of 10",
    killedBy: /^split\/checkout-committed/,
    change: edit(
      'VirtualService purchasing/checkout',
      (spec) => void (route(spec, 'default')['route'][1].weight = 15),
    ),
  },
  {
    what: "the canary's weight at the gateway is 15 instead of 10",
    killedBy: /^split\/checkout-committed/,
    change: edit(
      'VirtualService ingress-gateway/api',
      (spec) => void (route(spec, 'checkout-bodies')['route'][1].weight = 15),
    ),
  },
  {
    what: 'mutual TLS is PERMISSIVE',
    killedBy: /^transport\/cart-v1/,
    change: edit(
      'PeerAuthentication istio-system/default',
      (spec) => void (spec['mtls'].mode = 'PERMISSIVE'),
    ),
  },
  {
    what: 'mutual TLS is DISABLED',
    killedBy: /^transport\/frontend-v1/,
    change: edit('PeerAuthentication istio-system/default', (spec) => void (spec['mtls'].mode = 'DISABLE')),
  },
  {
    what: 'recommendation may call cart',
    killedBy: /^edges\/recommendation-v1-cannot-reach-cart/,
    change: edit(CART_ACCESS, (spec) => {
      const { principals } = sources(spec, 1) as { principals: string[] };
      principals.push(principalLike(principals, 'ns/storefront/sa/recommendation-v1'));
    }),
  },
  {
    what: 'callers of cart may use any method',
    killedBy: /^edges\/checkout-v1-is-limited-to-declared-calls-at-cart/,
    change: edit(CART_ACCESS, (spec) => void delete operation(spec, 1)['methods']),
  },
  {
    what: 'callers of cart may use any path',
    killedBy: /^edges\/checkout-v1-is-limited-to-declared-calls-at-cart/,
    change: edit(CART_ACCESS, (spec) => void delete operation(spec, 1)['paths']),
  },
  {
    what: 'any pod may call order-management',
    killedBy: /^edges\/unknown-workload-cannot-reach-order-management/,
    change: edit(
      'AuthorizationPolicy fulfilment/order-management',
      (spec) => void delete spec['rules'][0].from,
    ),
  },
  {
    what: 'checkout v2 may call order-management as v1 does',
    killedBy: /^edges\/checkout-v2-cannot-reach-order-management/,
    change: edit('AuthorizationPolicy fulfilment/order-management', (spec) => {
      const { principals } = sources(spec, 0) as { principals: string[] };
      principals.push(principalLike(principals, 'ns/purchasing/sa/checkout-v2'));
    }),
  },
  {
    what: 'the scope of checkout v2 includes order-management',
    killedBy: /^edges\/checkout-v2-cannot-reach-order-management/,
    change: edit('Sidecar purchasing/checkout-v2', (spec) => {
      spec['egress'][0].hosts.push('fulfilment/order-management-v1.fulfilment.svc.cluster.local');
    }),
  },
  {
    what: 'the scope of checkout v1 lacks cart',
    killedBy: /^edges\/checkout-v1-reaches-cart/,
    change: edit('Sidecar purchasing/checkout-v1', (spec) => {
      spec['egress'][0].hosts = spec['egress'][0].hosts.filter((host: string) => !host.includes('/cart'));
    }),
  },
  {
    what: 'the policy of checkout selects v1 only',
    killedBy: /^edges\/checkout-v2-admits-ingress-gateway/,
    change: edit(CHECKOUT_ACCESS, (spec) => void (spec['selector'].matchLabels.version = 'v1')),
  },
  {
    what: 'checkout v2 may call checkout',
    killedBy: /^edges\/checkout-v2-cannot-reach-checkout-v1/,
    change: edit(CHECKOUT_ACCESS, (spec) => {
      const { principals } = sources(spec, 0) as { principals: string[] };
      principals.push(principalLike(principals, 'ns/purchasing/sa/checkout-v2'));
    }),
  },
  {
    what: 'tokens are validated at checkout v1 only',
    killedBy: /^tokens\/checkout-0-at-checkout-v2/,
    change: edit(
      'RequestAuthentication purchasing/checkout',
      (spec) => void (spec['selector'].matchLabels.version = 'v1'),
    ),
  },
  {
    what: 'cart requires no token',
    killedBy: /^tokens\/cart-0-at-cart-v1/,
    change: edit(CART_ACCESS, (spec) => void delete sources(spec, 0)['requestPrincipals']),
  },
  {
    what: 'the gateway requires no token for cart',
    killedBy: /^tokens\/cart-0-at-the-gateway/,
    change: edit(GATEWAY_ACCESS, (spec) => void delete ruleOf(spec, '/carts')['from']),
  },
  {
    what: 'cart validates no tokens',
    killedBy: /^tokens\/cart-0-at-cart-v1/,
    change: remove('RequestAuthentication purchasing/cart'),
  },
  {
    // Either policy alone would still reject the token.
    what: 'gateway and cart accept tokens for any audience',
    killedBy: /^tokens\/cart-0-at-the-gateway/,
    change: (objects) =>
      [GATEWAY_TOKENS, 'RequestAuthentication purchasing/cart'].reduce(
        (changed, name) => edit(name, (spec) => void delete spec['jwtRules'][0].audiences)(changed),
        objects,
      ),
  },
  {
    what: 'the gateway trusts another issuer',
    killedBy: /^tokens\/cart-0-at-the-gateway/,
    change: edit(GATEWAY_TOKENS, (spec) => void (spec['jwtRules'][0].issuer = 'https://issuer.invalid')),
  },
  {
    what: 'external clients may delete profiles at the gateway',
    killedBy: /^edges\/gateway-rejects-undeclared-calls-of-user-profile/,
    change: edit(
      GATEWAY_ACCESS,
      (spec) => void ruleOf(spec, '/profile')['to'][0].operation.methods.push('DELETE'),
    ),
  },
  {
    what: 'the gateway has no route to product-catalog',
    killedBy: /^edges\/ingress-gateway-reaches-product-catalog/,
    change: edit('VirtualService ingress-gateway/api', (spec) => {
      spec['http'] = spec['http'].filter(
        ({ name }: { name: string }) => !name.startsWith('product-catalog-'),
      );
    }),
  },
  {
    what: 'the target port of a Service is closed',
    killedBy: /^edges\/product-catalog-v1-reaches-recommendation/,
    change: edit(
      'Service storefront/recommendation-v1',
      (spec) => void (spec['ports'][0].targetPort = 9_090),
    ),
  },
  {
    what: 'the gateway accepts tokens in the query',
    killedBy: /^request-forms\/query-token-of-/,
    change: edit(GATEWAY_TOKENS, (spec) => void delete spec['jwtRules'][0].fromHeaders),
  },
  {
    what: 'the gateway accepts any text after the host',
    killedBy: /^request-forms\/hosts-of-api/,
    change: edit(GATEWAY_ACCESS, (spec) => {
      for (const { to } of spec['rules'])
        to[0].operation.hosts = to[0].operation.hosts.map((host: string) => host.replace(':443', ':*'));
    }),
  },
  {
    what: 'the gateway lets any token change profiles',
    killedBy: /^admission\/user-profile-.*-at-the-gateway/,
    change: edit(
      'AuthorizationPolicy ingress-gateway/ingress-gateway',
      (spec) => void (spec['rules'] as Json[]).forEach((rule) => delete rule['when']),
    ),
  },
  {
    what: 'user-profile lets any token change profiles',
    killedBy: /^admission\/user-profile-.*-at-user-profile-v1/,
    change: edit(
      'AuthorizationPolicy customers/user-profile',
      (spec) => void (spec['rules'] as Json[]).forEach((rule) => delete rule['when']),
    ),
  },
  {
    what: 'anybody may call the webhook of payment',
    killedBy: /^admission\/webhook-of-payment/,
    change: edit('AuthorizationPolicy ingress-gateway/ingress-gateway', (spec) => {
      for (const rule of spec['rules'] as Json[])
        if (rule['from']?.[0].source.remoteIpBlocks) delete rule['from'];
    }),
  },
];
