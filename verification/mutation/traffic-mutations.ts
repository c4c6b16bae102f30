/* eslint-disable @typescript-eslint/no-unsafe-member-access -- mutations reach into JSON of every kind */
import { edit, policy, route, type Mutation } from './mutation';

const CART = 'VirtualService purchasing/cart';
const PAYMENT = 'VirtualService payments/payment';
const CIRCUIT_BREAKER = 'DestinationRule purchasing/cart-v1';

/** How often, how long and how many at once. */
export const TRAFFIC_MUTATIONS: readonly Mutation[] = [
  {
    what: 'reads of cart are tried four times instead of three',
    caughtBy: /^retries\/get-cart/,
    change: edit(CART, (spec) => void (route(spec, 'reads')['retries'].attempts = 3)),
  },
  {
    what: 'reads of cart are not retried on gateway errors',
    caughtBy: /^retries\/get-cart/,
    change: edit(
      CART,
      (spec) => void (route(spec, 'reads')['retries'].retryOn = 'connect-failure,refused-stream'),
    ),
  },
  {
    what: 'changes of the cart are retried though they may have arrived',
    caughtBy: /^retries\/post-cart/,
    change: edit(CART, (spec) => void (route(spec, 'writes')['retries'].retryOn += ',gateway-error')),
  },
  {
    what: 'a charge is retried though it may have been made',
    caughtBy: /^retries\/post-payment/,
    change: edit(PAYMENT, (spec) => void (route(spec, 'default')['retries'].retryOn += ',5xx')),
  },
  {
    what: 'a charge that cannot have arrived is not retried',
    caughtBy: /^retries\/unreached-payment/,
    change: edit(PAYMENT, (spec) => void (route(spec, 'default')['retries'] = { attempts: 0 })),
  },
  {
    what: 'one try of a read of cart may take 500 ms instead of 230',
    caughtBy: /^timeouts\/get-cart/,
    change: edit(CART, (spec) => void (route(spec, 'reads')['retries'].perTryTimeout = '500ms')),
  },
  {
    what: 'frontend may take 5 s instead of 2',
    caughtBy: /^timeouts\/get-frontend/,
    change: edit(
      'VirtualService storefront/frontend',
      (spec) => void (route(spec, 'default')['timeout'] = '5s'),
    ),
  },
  {
    what: 'recommendation has no timeout of 300 ms but one of 3 s',
    caughtBy: /^timeouts\/get-recommendation/,
    change: edit(
      'VirtualService storefront/recommendation',
      (spec) => void (route(spec, 'default')['timeout'] = '3s'),
    ),
  },
  {
    what: 'the gateway tries reads of cart four times instead of three',
    caughtBy: /^retries\/get-cart-from-visitors/,
    change: edit(
      'VirtualService purchasing/cart-api',
      (spec) => void (route(spec, 'reads')['retries'].attempts = 3),
    ),
  },
  {
    what: 'visitors wait 5 s for frontend instead of 2',
    caughtBy: /^timeouts\/get-frontend-from-visitors/,
    change: edit(
      'VirtualService storefront/frontend-web',
      (spec) => void (route(spec, 'default')['timeout'] = '5s'),
    ),
  },
  {
    what: 'a hanging recommendation holds product-catalog for 3 s',
    caughtBy: /^interplay\/product-catalog-outlives-recommendation-that-hangs/,
    change: edit(
      'VirtualService storefront/recommendation',
      (spec) => void (route(spec, 'default')['timeout'] = '3s'),
    ),
  },
  {
    // At both hops: each alone would be made up for by the other.
    what: 'a hanging payment gateway holds who needs it for 10 s',
    caughtBy: /^interplay\/checkout-outlives-a-slow-api\.payment-gateway\.example$/,
    change: edit('VirtualService egress-gateway/payment-gateway', (spec) => {
      for (const hop of ['to-egress-gateway', 'to-third-party']) route(spec, hop)['timeout'] = '10s';
    }),
  },
  {
    what: 'visits to checkout are tried three times',
    caughtBy: /^interplay\/retries-do-not-multiply$/,
    change: edit(
      'VirtualService purchasing/checkout-api',
      (spec) => void (route(spec, 'default')['retries'] = { attempts: 2, retryOn: '5xx' }),
    ),
  },
  {
    what: 'a failed charge is made four times',
    caughtBy: /^interplay\/retries-do-not-multiply-at-payment-gateway/,
    change: edit(
      PAYMENT,
      (spec) => void (route(spec, 'default')['retries'] = { attempts: 3, retryOn: '5xx' }),
    ),
  },
  {
    what: 'a header is set to what no proxy can read',
    caughtBy: /^configuration\/is-taken/,
    change: edit(
      'VirtualService storefront/frontend-web',
      (spec) => void (route(spec, 'default')['headers'] = { request: { set: { 'x-from': '%OF_NOBODY%' } } }),
    ),
  },
  {
    what: 'a failing pod of cart is never left out',
    caughtBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void delete policy(spec)['outlierDetection']),
  },
  {
    what: 'a failing pod of cart is left out after 12 errors instead of 5',
    caughtBy: /^ejection\/cart-v1/,
    change: edit(
      CIRCUIT_BREAKER,
      (spec) => void (policy(spec)['outlierDetection'].consecutive5xxErrors = 12),
    ),
  },
  {
    what: 'at most 10 % of the pods of cart may be left out',
    caughtBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['outlierDetection'].maxEjectionPercent = 10)),
  },
  {
    what: 'a pod of cart is left out for 2 s instead of 30',
    caughtBy: /^ejection\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['outlierDetection'].baseEjectionTime = '2s')),
  },
  {
    what: 'twice as many requests may wait for cart',
    caughtBy: /^pool\/cart-v1/,
    change: edit(
      CIRCUIT_BREAKER,
      (spec) => void (policy(spec)['connectionPool'].http.http1MaxPendingRequests = 100),
    ),
  },
  {
    what: 'half as many connections to cart are allowed',
    caughtBy: /^pool\/cart-v1/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['connectionPool'].tcp.maxConnections = 50)),
  },
  {
    what: 'callers of cart speak plain text',
    caughtBy: /^edges\/checkout-v1-reaches-cart/,
    change: edit(CIRCUIT_BREAKER, (spec) => void (policy(spec)['tls'].mode = 'DISABLE')),
  },
];
