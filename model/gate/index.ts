/** All checks of the synth gate, and their execution. */
import { compareCodeUnits } from '../source/violation';
import { controlPlaneIsClosed } from './checks/control-plane-is-closed';
import { everythingIsLabelled } from './checks/everything-is-labelled';
import { fieldsOfManagedMesh } from './checks/fields-of-managed-mesh';
import { keysOfOurOwn } from './checks/keys-of-our-own';
import { mutualTlsIsStrict } from './checks/mutual-tls-is-strict';
import { noPrimitiveRole } from './checks/no-primitive-role';
import { noPublicAddress } from './checks/no-public-address';
import { noSecretValue } from './checks/no-secret-value';
import { statefulIsProtected } from './checks/stateful-is-protected';
import { templatesAreReferences } from './checks/templates-are-references';
import { weightsAreWhole } from './checks/weights-are-whole';
import {
  isMap,
  kubernetesManifests,
  textsIn,
  type GateCheck,
  type JsonValue,
  type GatedStack,
} from './gate-check';

export const GATE: readonly GateCheck[] = [
  mutualTlsIsStrict,
  noPublicAddress,
  controlPlaneIsClosed,
  noPrimitiveRole,
  everythingIsLabelled,
  keysOfOurOwn,
  statefulIsProtected,
  noSecretValue,
  templatesAreReferences,
  fieldsOfManagedMesh,
  weightsAreWhole,
];

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

/** Messages of all violations, sorted; empty if the stack may be written. */
export function checkStack(stack: GatedStack): string[] {
  return GATE.flatMap((gate) =>
    gate
      .check(stack)
      .map(({ address, message }) => `${stack.id}: ${address}: ${message}; ${gate.fix} [${gate.id}]`),
  ).sort(compareCodeUnits);
}
