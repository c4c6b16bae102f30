/** How callers treat a service. */
import { z } from 'zod';
import { milliseconds, uniqueList } from './primitives';

/** Conditions under which Envoy sends a request again, in Envoy's own spelling. */
export const RETRY_CONDITIONS = [
  'connect-failure',
  'refused-stream',
  'reset',
  'gateway-error',
  'unavailable',
  '5xx',
] as const;

export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

export const retries = z
  .strictObject({
    attempts: z
      .int()
      .min(0)
      .max(5)
      .default(0)
      .describe('Retries after the first try. Every layer multiplies the load below it.'),
    perTryTimeoutMs: milliseconds
      .optional()
      .describe('Time one try may take. Needed when attempts is above 0; below timeoutMs.'),
    on: uniqueList(z.enum(RETRY_CONDITIONS))
      .default(['connect-failure', 'refused-stream'])
      .describe(
        'Conditions for safe methods (GET, HEAD). Other methods are only retried on those of them in which the server cannot have seen the request.',
      ),
  })
  .prefault({})
  .describe('How often callers repeat a failed request to this service.');

export const outlierDetection = z
  .strictObject({
    consecutive5xxErrors: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Server errors in a row that eject an endpoint.'),
    intervalSeconds: z.int().min(1).max(300).default(10).describe('Time between two analyses.'),
    baseEjectionSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(30)
      .describe('First ejection; the n-th lasts n times as long.'),
    maxEjectionPercent: z
      .int()
      .min(1)
      .max(100)
      .default(50)
      .describe('Most endpoints of one version that may be out at once.'),
  })
  .prefault({})
  .describe('Takes failing endpoints out of load balancing.');

export const circuitBreaker = z
  .strictObject({
    maxConnections: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('TCP connections of ONE client proxy to a version.'),
    maxPendingRequests: z
      .int()
      .min(1)
      .max(100_000)
      .default(50)
      .describe('Requests of one client proxy that wait for a connection.'),
    maxRequests: z.int().min(1).max(100_000).default(200).describe('Requests in flight of one client proxy.'),
    maxRetries: z
      .int()
      .min(1)
      .max(1_000)
      .default(3)
      .describe('Retries in flight of one client proxy; Istio would not bound them.'),
    connectTimeoutMs: milliseconds.default(1_000).describe('Time to establish a TCP connection.'),
    idleTimeoutSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(300)
      .describe('An unused connection is closed after this time.'),
    outlierDetection,
  })
  .prefault({})
  .describe('Beyond these bounds a request fails at once (503) instead of queueing.');
