/** Routes that answer requests themselves. Fault injection is what the managed mesh supports for this. */
import { AMBIGUOUS_PATH } from '../../model/path-pattern';

/**
 * A route that answers every matching request with the status.
 *
 * @param host any host of the registry; required, and never used
 */
export function renderRefusal<Match>(
  name: string,
  httpStatus: number,
  match: readonly Match[],
  host: string,
) {
  return {
    name,
    match: [...match],
    fault: { abort: { httpStatus, percentage: { value: 100 } } },
    route: [{ destination: { host, port: { number: 80 } }, weight: 100 }],
    retries: { attempts: 0 },
  };
}

/**
 * Answers 400 to paths that proxies and applications could read differently: a policy would allow `/carts/*`, and the
 * application would decode `/carts/..%2fadmin`. Callers inside of the mesh are refused by their own proxy.
 */
export function renderPathRefusal(host: string) {
  return renderRefusal('ambiguous-path', 400, [{ uri: { regex: AMBIGUOUS_PATH } }], host);
}
