import { STACK_NAMES } from '../../model/naming';

/** `prod-mesh-policies` and its shard `prod-mesh-policies-purchasing` are of `prod`. */
export function environmentOf(stack: string): string {
  const ends = STACK_NAMES.flatMap((name) => {
    const [, environment] = new RegExp(`^(.+?)-${name}(?:-.+)?$`).exec(stack) ?? [];
    return environment ?? [];
  });
  return ends.sort((one, other) => other.length - one.length)[0] ?? stack;
}
