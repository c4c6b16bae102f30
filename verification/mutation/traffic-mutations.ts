/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations change arbitrary JSON */
import { edit, policy, route, type Json, type Mutation } from './mutation';

const CART = 'VirtualService purchasing/cart';
const PAYMENT = 'VirtualService payments/payment';
const CIRCUIT_BREAKER = 'DestinationRule purchasing/cart-v1';

/** Removes a rule of a VirtualService. */
const withoutRule = (name: string) => (spec: Json) => {
  spec['http'] = (spec['http'] as readonly Json[]).filter((rule) => rule['name'] !== name);
};

/** Retries, timeouts and circuit breakers; and requests that the gateway refuses. */
export const TRAFFIC_MUTATIONS: readonly Mutation[] = [
  {
    what: 'reads of cart get four attempts instead of three',
    killedBy: /^retries\/get-cart/,
    change: edit(CART, (spec) => void (route(spec, 'reads')['retries'].attempts = 3)),
  },
  {
    what: 'reads of cart are not retried on gateway errors',
    killedBy: /^retries\/get-cart/,
    change: edit(
      CART,
      (spec) => void (route(spec, 'reads')['retries'].retryOn = 'connect-failure,refused-stream'),
    ),
  },
  {
    what: 'writes to cart are retried although they may have arrived',
    killedBy: /^retries\/post-cart/,
    change: edit(CART, (spec) => void (route(spec, 'writes')['retries'].retryOn += ',gateway-error')),
  },
  {
    what: 'a charge is retried although it may have been made',
    killedBy: /^retries\/post-payment/,
    change: edit(PAYMENT, (spec) => void (route(spec, 'default')['retries'].retryOn += ',5xx')),
  },
  {
    what: 'a charge whose connection failed is not retried',
    killedBy: /^retries\/connect-failure-of-payment/,
    change: edit(PAYMENT, (spec) => void (route(spec, 'default')['retries'] = { attempts: 0 })),
  },
  {
    what: 'an attempt to read cart may take 500 ms instead of 230 ms',
    killedBy: /^timeouts\/get-cart/,
    change: edit(CART, (spec) => void (route(spec, 'reads')['retries'].perTryTimeout = '500ms')),
  },
  {
    what: 'the timeout of frontend is 5 s instead of 2 s',
    killedBy: /^timeouts\/get-frontend/,
    change: edit(
      'VirtualService storefront/frontend',
      (spec) => void (route(spec, 'default')['timeout'] = '5s'),
    ),
  },
  {
    what: 'the timeout of recommendation is 3 s instead of 300 ms',
    killedBy: /^timeouts\/get-recommendation/,
    change: edit(
      'VirtualService storefront/recommendation',
      (spec) => void (route(spec, 'default')['timeout'] = '3s'),
    ),
  },
  {
    what: 'reads of cart by the gateway get four attempts instead of three',
    killedBy: /^retries\/get-cart-from-clients/,
    change: edit(
      'VirtualService ingress-gateway/api',
      (spec) => void (route(spec, 'cart-reads')['retries'].attempts = 3),
    ),
  },
  {
    what: "the gateway's timeout of frontend is 5 s instead of 2 s",
    killedBy: /^timeouts\/get-frontend-from-clients/,
    change: edit(
      'VirtualService ingress-gateway/web',
      (spec) => void (route(spec, 'frontend-reads')['timeout'] = '5s'),
    ),
  },
  {
    what: 'a hanging recommendation blocks product-catalog for 3 s',
    killedBy: /^interplay\/product-catalog-responds-while-recommendation-hangs/,
    change: edit(
      'VirtualService storefront/recommendation',
      (spec) => void (route(spec, 'default')['timeout'] = '3s'),
    ),
  },
  {
    // At both hops, because the shorter timeout of the two applies.
    what: 'a hanging payment gateway blocks its callers for 10 s',
    killedBy: /^interplay\/checkout-responds-while-api\.payment-gateway\.example-hangs$/,
    change: edit('VirtualService egress-gateway/payment-gateway', (spec) => {
      for (const hop of ['to-egress-gateway', 'to-third-party']) route(spec, hop)['timeout'] = '10s';
    }),
  },
  {
    what: 'requests to checkout get three attempts at the gateway',
    killedBy: /^interplay\/retries-do-not-multiply$/,
    change: edit(
      'VirtualService ingress-gateway/api',
      (spec) => void (route(spec, 'checkout-bodies')['retries'] = { attempts: 2, retryOn: '5xx' }),
    ),
  },
  {
    what: 'a failed charge gets four attempts',
    killedBy: /^interplay\/retries-do-not-multiply-at-payment-gateway/,
    change: edit(
      PAYMENT,
      (spec) => void (route(spec, 'default')['retries'] = { attempts: 3, retryOn: '5xx' }),
    ),
  },
  {
    what: 'a header has a value that proxies reject',
    killedBy: /^configuration\/is-accepted/,
    change: edit(
      'VirtualService ingress-gateway/web',
      (spec) =>
        void (route(spec, 'frontend-reads')['headers'] = { request: { set: { 'x-from': '%UNDEFINED%' } } }),
    ),
  },
  {
    what: 'a failing pod of cart is never ejected',
    killedBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void delete policy(spec)['outlierDetection']),
  },
  {
    what: 'a failing pod of cart is ejected after 12 errors instead of 5',
    killedBy: /^ejection\/cart-v1/,
    change: edit(
      CIRCUIT_BREAKER,
      (spec) => void (policy(spec)['outlierDetection'].consecutive5xxErrors = 12),
    ),
  },
  {
    what: 'at most 10 % of the pods of cart may be ejected',
    killedBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['outlierDetection'].maxEjectionPercent = 10)),
  },
  {
    what: 'a pod of cart is ejected for 2 s instead of 30 s',
    killedBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['outlierDetection'].baseEjectionTime = '2s')),
  },
  {
    what: 'twice as many requests may be pending for cart',
    killedBy: /^pool\/cart-v1/,
    change: edit(
      CIRCUIT_BREAKER,
      (spec) => void (policy(spec)['connectionPool'].http.http1MaxPendingRequests = 100),
    ),
  },
  {
    what: 'half as many connections to cart are allowed',
    killedBy: /^pool\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['connectionPool'].tcp.maxConnections = 50)),
  },
  {
    what: 'three retries of reads of cart may be in flight when a zone is lost',
    killedBy: /^zone-loss\/cart-refuses/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['connectionPool'].http.maxRetries = 3)),
  },
  {
    what: 'connecting to a lost pod of cart may take longer than an attempt',
    killedBy: /^zone-loss\/cart-is-silent/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['connectionPool'].tcp.connectTimeout = '1s')),
  },
  {
    what: 'writes to cart share the connections of reads',
    killedBy: /^slow-bodies\/cart/,
    change: edit('VirtualService ingress-gateway/api', (spec) => {
      for (const { destination } of route(spec, 'cart-bodies')['route']) delete destination.subset;
    }),
  },
  {
    what: 'all slow writes to cart are accepted',
    killedBy: /^slow-bodies\/cart/,
    change: edit(CIRCUIT_BREAKER, (spec) => {
      for (const { trafficPolicy } of spec['subsets'] as Json[]) {
        trafficPolicy.connectionPool.tcp.maxConnections = 1_000;
        trafficPolicy.connectionPool.http.http2MaxRequests = 1_000;
      }
    }),
  },
  {
    what: 'reads with a body reach cart',
    killedBy: /^slow-bodies\/reads-of-api/,
    change: edit('VirtualService ingress-gateway/api', withoutRule('body-of-a-read')),
  },
  {
    what: 'callers of cart send plain text',
    killedBy: /^edges\/checkout-v1-reaches-cart/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['tls'].mode = 'DISABLE')),
  },
  {
    what: 'the gateway passes encoded separators on',
    killedBy: /^request-forms\/paths-of-gateway-api/,
    change: edit('VirtualService ingress-gateway/api', withoutRule('ambiguous-path')),
  },
  {
    what: 'callers of cart pass encoded separators on',
    killedBy: /^request-forms\/paths-of-callers-of-cart/,
    change: edit('VirtualService purchasing/cart', withoutRule('ambiguous-path')),
  },
  {
    what: 'clients may switch protocols',
    killedBy: /^request-forms\/upgrades-of-/,
    change: edit('VirtualService ingress-gateway/web', withoutRule('protocol-upgrade')),
  },
  {
    what: 'bodies of any length reach cart',
    killedBy: /^request-forms\/bodies-of-api/,
    change: edit('VirtualService ingress-gateway/api', withoutRule('cart-body-above-10mb')),
  },
  {
    what: 'the client chooses the method after authorization',
    killedBy: /^edge-headers\/client-headers-of-/,
    change: edit(
      'VirtualService ingress-gateway/web',
      (spec) => void (route(spec, 'frontend-reads')['headers'].request.remove = []),
    ),
  },
];
