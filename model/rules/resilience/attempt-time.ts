import type { Service } from '../../service';

/** How long a caller waits for one try of the service, in milliseconds: its work must be done by then. */
export function attemptTimeMs({ timeoutMs, retries: { attempts, perTryTimeoutMs } }: Service): number {
  return attempts > 0 ? (perTryTimeoutMs ?? timeoutMs) : timeoutMs;
}
