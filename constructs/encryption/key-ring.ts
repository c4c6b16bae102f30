import { KmsKeyRing } from '@cdktf/provider-google/lib/kms-key-ring';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';

export interface KeyRingProps {
  readonly environment: Environment;
  /** APIs that must be on first. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Holds the keys of every stack; costs nothing, and Google never deletes it. PCI DSS 3.6.1. */
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
