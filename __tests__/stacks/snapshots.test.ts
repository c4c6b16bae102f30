import { environmentNamed } from '../support/catalogues';
import { addressesOf, synthEnvironment, type StackJson } from '../support/synth';
import { STACK_NAMES } from '../../model/naming';

const prod = synthEnvironment(environmentNamed('prod'));

describe('prod is what was last reviewed', () => {
  test.each(STACK_NAMES)('%s', (name) => {
    expect(prod.get(`prod-${name}`)).toMatchSnapshot();
  });

  test('addresses: a rename here is a destroy and a create there', () => {
    const addresses = Object.fromEntries(
      STACK_NAMES.map((name) => [name, addressesOf(prod.get(`prod-${name}`))]),
    );
    expect(addresses).toMatchSnapshot();
  });
});

describe.each(['dev', 'staging'])('%s differs from prod only where it is meant to', (environment) => {
  const stacks = synthEnvironment(environmentNamed(environment));

  test.each(STACK_NAMES)('in the resources of %s', (name) => {
    const there = new Set(addressesOf(prod.get(`prod-${name}`)));
    const here = new Set(addressesOf(stacks.get(`${environment}-${name}`)));

    expect({
      onlyInProd: [...there].filter((address) => !here.has(address)),
      [`onlyIn_${environment}`]: [...here].filter((address) => !there.has(address)),
    }).toMatchSnapshot();
  });

  test.each(STACK_NAMES)('in the values of %s', (name) => {
    expect(differences(prod.get(`prod-${name}`), stacks.get(`${environment}-${name}`))).toMatchSnapshot();
  });
});

/** Changed leaves of resources that both have, as `path: prod → here`, names of environment and project aside. */
function differences(left: StackJson | undefined, right: StackJson | undefined): string[] {
  const neutral = (value: unknown) =>
    JSON.stringify(value)
      ?.replace(/shop-(prod|staging|dev)-example/g, 'PROJECT')
      .replace(/10000000000\d/g, 'NUMBER')
      .replace(/\b(api\.)?(www|staging|dev)\.shop\.example/g, '$1HOST')
      .replace(/\bapi\.shop\.example/g, 'api.HOST');
  const found: string[] = [];
  const compare = (a: unknown, b: unknown, path: string): void => {
    if (neutral(a) === neutral(b)) return;
    if (isObject(a) && isObject(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(a[key], b[key], `${path}.${key}`);
    } else found.push(`${path}: ${neutral(a) ?? 'absent'} → ${neutral(b) ?? 'absent'}`);
  };
  for (const [type, resources] of Object.entries(left?.resource ?? {})) {
    for (const [name, value] of Object.entries(resources)) {
      const other = right?.resource?.[type]?.[name];
      if (other !== undefined) compare(value, other, `${type}.${name}`);
    }
  }
  return found.sort();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
