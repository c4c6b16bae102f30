/** Resources, autoscaling, disruption budget and probes of a service's pods. */
import { z } from 'zod';
import { exactPath } from './primitives';

export const resources = z
  .strictObject({
    cpuMillicores: z
      .int()
      .min(10)
      .max(32_000)
      .default(250)
      .describe('CPU request. There is no CPU limit, because throttling adds latency.'),
    memoryMiB: z
      .int()
      .min(32)
      .max(65_536)
      .default(256)
      .describe('Memory request and limit. Above it the container is killed.'),
    diskMiB: z
      .int()
      .min(16)
      .max(10_240)
      .default(128)
      .describe('Ephemeral storage for /tmp and the log. Above it the pod is evicted.'),
  })
  .prefault({});

export const autoscaling = z
  .strictObject({
    minReplicas: z.int().min(1).max(1_000).default(2).describe('Minimum number of pods of each version.'),
    maxReplicas: z.int().min(1).max(1_000).default(10).describe('Maximum number of pods of each version.'),
    targetCpuPercent: z
      .int()
      .min(10)
      .max(95)
      .default(60)
      .describe('Target of the autoscaler: average CPU use in percent of the request.'),
  })
  .prefault({});

export const disruptionBudget = z
  .strictObject({
    maxUnavailable: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe('Pods of a version that node drains may evict at the same time.'),
  })
  .prefault({});

export const probes = z
  .strictObject({
    port: z
      .enum(['app', 'admin'])
      .default('app')
      .describe("Port of the probes: 'app' is port, 'admin' is adminPort."),
    readinessPath: exactPath.default('/ready').describe('Returns 200 when the pod can serve requests.'),
    livenessPath: exactPath
      .default('/health')
      .describe('Returns 200 unless the container must be restarted.'),
    startupSeconds: z
      .int()
      .min(1)
      .max(600)
      .default(60)
      .describe('Time to start before the liveness probe applies.'),
  })
  .prefault({});
