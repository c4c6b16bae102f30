import { type Environment } from '../../../model/environment';
import { webhooksOf } from '../../../model/webhooks';
import { type Request } from './send';

/** Of a client without a declared source address. */
const CLIENT = '192.0.2.77';
const LOAD_BALANCER = '192.0.2.1';

/** The header that the load balancer appends to what the client sent. */
export function forwardedFor(client: string): { readonly 'x-forwarded-for': string } {
  return { 'x-forwarded-for': `${client}, ${LOAD_BALANCER}` };
}

/** An address in the range. */
export function addressIn(range: string): string {
  return range.split('/')[0] ?? '';
}

/** Adds what the load balancer adds: requests to a webhook come from its third party, if they do not say otherwise. */
export function throughLoadBalancer(environment: Environment): (request: Request) => Request {
  const webhooks = webhooksOf(environment);
  return (request) => {
    const called = webhooks.find(({ host, path }) => request.host === host && request.path === path);
    const client = addressIn(called?.webhook.sourceRanges[0] ?? CLIENT);
    return { ...request, headers: { ...forwardedFor(client), ...request.headers } };
  };
}
