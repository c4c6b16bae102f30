/** Configurations that Terraform validates and plans, and that a real project or its first apply refuses. */
import { environmentNamed, objectsOfKind, synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const stacks = [...synthEnvironment(prod).values()];

function resources(type: string): any[] {
  return stacks.flatMap((stack) => Object.values(stack.resource?.[type] ?? {}));
}

test('no NetworkPolicy has an empty list of rules, which the API server stores as null', () => {
  const policies = stacks.flatMap((stack) => objectsOfKind(stack, 'NetworkPolicy'));

  expect(policies.length).toBeGreaterThan(20);
  for (const { spec } of policies) {
    expect(spec.ingress).not.toEqual([]);
    expect(spec.egress).not.toEqual([]);
  }
});
