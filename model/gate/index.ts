/** All checks of the synth gate, and their execution. */
import { compareCodeUnits } from '../source/violation';
import { controlPlaneNotPublic } from './checks/control-plane-not-public';
import { renderedOnce } from './checks/rendered-once';
import { requiredLabels } from './checks/required-labels';
import { exactOrigins } from './checks/exact-origins';
import { fieldsOfManagedMesh } from './checks/fields-of-managed-mesh';
import { customerManagedKeys } from './checks/customer-managed-keys';
import { strictMutualTls } from './checks/strict-mutual-tls';
import { noBasicRole } from './checks/no-basic-role';
import { noPublicAddress } from './checks/no-public-address';
import { noSecretValue } from './checks/no-secret-value';
import { statefulIsProtected } from './checks/stateful-is-protected';
import { templatesReferToOwnStack } from './checks/templates-refer-to-own-stack';
import { weightsAddUpTo100 } from './checks/weights-add-up-to-100';
import {
  isMap,
  kubernetesManifests,
  textsIn,
  valuesAt,
  type GateCheck,
  type JsonValue,
  type GatedStack,
} from './gate-check';

export const GATE: readonly GateCheck[] = [
  strictMutualTls,
  noPublicAddress,
  controlPlaneNotPublic,
  noBasicRole,
  requiredLabels,
  customerManagedKeys,
  statefulIsProtected,
  noSecretValue,
  templatesReferToOwnStack,
  fieldsOfManagedMesh,
  weightsAddUpTo100,
  renderedOnce,
  exactOrigins,
];

/** Google project of the stack: each environment has one. */
export function projectOf({ json }: GatedStack): unknown {
  return valuesAt(json, 'provider.google.project')[0];
}

/** All violations of all stacks. Nothing has been written when it is thrown. */
export class GateError extends Error {
  constructor(public readonly violations: readonly string[]) {
    super(violations.join('\n'));
    this.name = 'GateError';
  }
}

export function toGatedStack(id: string, json: JsonValue, production: boolean): GatedStack {
  const types = isMap(json) && isMap(json['resource']) ? json['resource'] : {};
  const resources = Object.entries(types).flatMap(([type, named]) =>
    isMap(named) ? Object.entries(named).map(([name, body]) => ({ type, name, body })) : [],
  );
  return { id, production, json, resources, manifests: kubernetesManifests(resources), texts: textsIn(json) };
}

/**
 * Messages of all violations, sorted; empty if the stack may be written.
 *
 * @param environment all stacks of the environment, this one included
 */
export function checkStack(stack: GatedStack, environment: readonly GatedStack[] = [stack]): string[] {
  return GATE.flatMap((gate) =>
    gate
      .check(stack, environment)
      .map(({ address, message }) => `${stack.id}: ${address}: ${message}; ${gate.fix} [${gate.id}]`),
  ).sort(compareCodeUnits);
}
