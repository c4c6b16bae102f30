import type { Construct } from 'constructs';
import type { Environment } from '../model/environment';
import { ClusterAndAsmStack } from './cluster-and-asm-stack';
import { DataStack } from './data-stack';
import { MeshPoliciesStack } from './mesh-policies-stack';
import { NetworkStack } from './network-stack';
import { ObservabilityStack } from './observability-stack';

/** The five stacks of one environment, in the order of deployment. */
export function addEnvironment(scope: Construct, environment: Environment): void {
  const network = new NetworkStack(scope, { environment });
  const cluster = new ClusterAndAsmStack(scope, { environment });
  const data = new DataStack(scope, { environment });
  const observability = new ObservabilityStack(scope, { environment });
  const { alertChannels, rollbackChannel } = observability;
  const mesh = new MeshPoliciesStack(scope, { environment, alertChannels, rollbackChannel });

  cluster.addDependency(network);
  data.addDependency(cluster);
  observability.addDependency(cluster);
  mesh.addDependency(data);
  mesh.addDependency(observability);
}
