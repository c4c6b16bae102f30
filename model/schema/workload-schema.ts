/** The pods of a service. */
import { z } from 'zod';
import { pathPattern } from './primitives';

export const resources = z
  .strictObject({
    cpuMillicores: z
      .int()
      .min(10)
      .max(32_000)
      .default(250)
      .describe('CPU request. There is no CPU limit: throttling costs latency.'),
    memoryMiB: z
      .int()
      .min(32)
      .max(65_536)
      .default(256)
      .describe('Memory request and limit; above it the pod is killed.'),
    diskMiB: z
      .int()
      .min(16)
      .max(10_240)
      .default(128)
      .describe('Scratch space under /tmp, and the log; above it the pod is evicted.'),
  })
  .prefault({});

export const autoscaling = z
  .strictObject({
    minReplicas: z.int().min(1).max(1_000).default(2).describe('Pods at rest, of each version.'),
    maxReplicas: z.int().min(1).max(1_000).default(10).describe('Upper bound, of each version.'),
    targetCpuPercent: z
      .int()
      .min(10)
      .max(95)
      .default(60)
      .describe('Average CPU use, of the request, that the autoscaler aims at.'),
  })
  .prefault({});

export const disruptionBudget = z
  .strictObject({
    maxUnavailable: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe('Pods of a version that a node drain may take at once.'),
  })
  .prefault({});

export const probes = z
  .strictObject({
    readinessPath: pathPattern.default('/ready').describe('Answers 200 once the pod can serve.'),
    livenessPath: pathPattern
      .default('/health')
      .describe('Answers 200 unless the process must be restarted.'),
    startupSeconds: z.int().min(1).max(600).default(60).describe('Time to start before liveness counts.'),
  })
  .prefault({});
