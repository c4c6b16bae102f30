/** A client that receives the events of a stream. */
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';

/** A stream of events that is open. */
export interface OpenEvents {
  /** Undefined until the response begins. */
  readonly status: () => number | undefined;
  readonly pod: () => string;
  /** Milliseconds of `performance.now()` of each event. */
  readonly events: readonly number[];
  readonly endedAt: () => number | undefined;
  readonly close: () => void;
}

export function openEvents(mesh: Mesh, request: Request): OpenEvents {
  const events: number[] = [];
  let status: number | undefined;
  let pod = '';
  let endedAt: number | undefined;
  const end = () => void (endedAt ??= performance.now());
  const outgoing = mesh.openRequest(request);
  outgoing.on('error', () => {
    status ??= 0;
    end();
  });
  outgoing.on('response', (response) => {
    status = response.statusCode;
    pod = String(response.headers['x-lab-pod']);
    response.on('data', () => events.push(performance.now()));
    response.on('close', end);
    response.on('error', end);
  });
  outgoing.end();
  return {
    status: () => status,
    pod: () => pod,
    events,
    endedAt: () => endedAt,
    close: () => outgoing.destroy(),
  };
}
