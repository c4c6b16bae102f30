import { Telemetry } from '@kubernetes-models/istio/telemetry.istio.io/v1alpha1/Telemetry';
import { Construct } from 'constructs';
import { ROOT_NAMESPACE } from '../../model/naming';
import { KubernetesObject } from '../kubernetes-object';

/**
 * Sends access logs and traces of every proxy to Cloud Logging and Cloud Trace. PCI DSS 10.2.1.
 *
 * The managed control plane reads only one Telemetry object in the root namespace.
 *
 * @see https://cloud.google.com/service-mesh/docs/observability/accessing-traces
 */
export class MeshTelemetry extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const providers = [{ name: 'stackdriver' }];
    new KubernetesObject(
      this,
      'Default',
      new Telemetry({
        metadata: { name: 'mesh-default', namespace: ROOT_NAMESPACE },
        spec: { accessLogging: [{ providers }], tracing: [{ providers }] },
      }),
    );
  }
}
