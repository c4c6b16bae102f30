import { KmsKeyRing } from '@cdktf/provider-google/lib/kms-key-ring';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';

export interface KeyRingProps {
  readonly environment: Environment;
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Key ring of all stacks. It cannot be deleted. PCI DSS 3.6.1. */
export class KeyRing extends Construct {
  constructor(scope: Construct, id: string, props: KeyRingProps) {
    super(scope, id);
    const { environment, dependsOn } = props;
    new KmsKeyRing(this, 'Default', {
      name: environment.keys.ring,
      location: environment.region,
      dependsOn: [...dependsOn],
      lifecycle: { preventDestroy: environment.production },
    });
  }
}
