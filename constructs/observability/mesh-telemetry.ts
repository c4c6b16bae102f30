import { Telemetry } from '@kubernetes-models/istio/telemetry.istio.io/v1alpha1/Telemetry';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ROOT_NAMESPACE } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

export interface MeshTelemetryProps {
  readonly environment: Pick<Environment, 'traces'>;
}

/**
 * Sends access logs and traces of every proxy to Cloud Logging and Cloud Trace. PCI DSS 10.2.1.
 *
 * The managed control plane reads only one Telemetry object in the root namespace. The share of traced requests is
 * always set: its default of 1 % is the control plane's, and could change.
 *
 * @see https://cloud.google.com/service-mesh/docs/observability/accessing-traces
 */
export class MeshTelemetry extends Construct {
  constructor(scope: Construct, id: string, { environment }: MeshTelemetryProps) {
    super(scope, id);
    const providers = [{ name: 'stackdriver' }];
    new KubernetesObject(
      this,
      'Default',
      new Telemetry({
        metadata: { name: 'mesh-default', namespace: ROOT_NAMESPACE },
        spec: {
          accessLogging: [{ providers }],
          tracing: [{ providers, randomSamplingPercentage: environment.traces.samplingPercent }],
        },
      }),
    );
  }
}
