/** Retries and circuit breaker of a service, applied by its callers. */
import { z } from 'zod';
import { milliseconds, uniqueList } from './primitives';

/** Envoy's retry conditions. */
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
      .describe('Retries after the first attempt. Retries of several layers multiply.'),
    perTryTimeoutMs: milliseconds
      .optional()
      .describe('Timeout of one attempt, below timeoutMs. Required if attempts is above 0.'),
    on: uniqueList(z.enum(RETRY_CONDITIONS))
      .default(['connect-failure', 'refused-stream'])
      .describe(
        'Retry conditions for safe methods (GET, HEAD). Other methods are retried only on those conditions under which the server cannot have received the request.',
      ),
  })
  .prefault({})
  .describe('Retries of failed requests to this service, by its callers.');

export const outlierDetection = z
  .strictObject({
    consecutive5xxErrors: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('Consecutive 5xx responses that eject an endpoint.'),
    intervalSeconds: z
      .int()
      .min(1)
      .max(300)
      .default(10)
      .describe('Time between two sweeps of outlier detection.'),
    baseEjectionSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(30)
      .describe('Duration of the first ejection; the n-th lasts n times as long.'),
    maxEjectionPercent: z
      .int()
      .min(1)
      .max(100)
      .default(50)
      .describe('Percentage of endpoints of one version that may be ejected at the same time.'),
  })
  .prefault({})
  .describe('Ejects failing endpoints from load balancing.');

export const circuitBreaker = z
  .strictObject({
    maxConnections: z
      .int()
      .min(1)
      .max(100_000)
      .default(100)
      .describe('TCP connections of one client proxy to a version.'),
    maxPendingRequests: z
      .int()
      .min(1)
      .max(100_000)
      .default(50)
      .describe('Pending requests of one client proxy: waiting for a connection.'),
    maxRequests: z.int().min(1).max(100_000).default(200).describe('Requests in flight of one client proxy.'),
    maxRetries: z
      .int()
      .min(1)
      .max(20_000)
      .optional()
      .describe(
        'Retries in flight of one client proxy. Must suffice for the loss of a zone. Default: 20 % of maxRequests, at least 3.',
      ),
    connectTimeoutMs: milliseconds
      .optional()
      .describe(
        'Timeout for establishing a connection, TLS included. Default: 1000, or perTryTimeoutMs if that is shorter and there are retries: a pod on a lost node never answers.',
      ),
    idleTimeoutSeconds: z
      .int()
      .min(1)
      .max(3_600)
      .default(300)
      .describe('Time after which an idle connection is closed.'),
    outlierDetection,
  })
  .prefault({})
  .describe('Circuit breaker. Above its limits a request fails immediately with 503 instead of queueing.');
