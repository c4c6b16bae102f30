import { environmentNamed, objectsOf, synthEnvironment } from '../support/synth';

/** What the account that plans gets besides its roles at Google; `npm run verify -- terraform` shows that it is enough. */
const prod = synthEnvironment(environmentNamed('prod'));
const grants = [...prod.values()].flatMap((stack) => {
  const objects = [...objectsOf(stack).values()] as any[];
  return objects.filter(({ subjects = [] }) =>
    subjects.some(({ name }: any) => name.startsWith('mesh-plan@')),
  );
});

test('the account that plans may read admission policies, and is given nothing else', () => {
  const roles = [...objectsOf(prod.get('prod-mesh-policies')).values()] as any[];
  const granted = grants.map(({ kind, roleRef }) => [kind, roleRef.kind, roleRef.name]);
  const role = roles.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'shop-plan');

  expect(granted).toEqual([['ClusterRoleBinding', 'ClusterRole', 'shop-plan']]);
  expect(role.rules).toEqual([
    {
      apiGroups: ['admissionregistration.k8s.io'],
      resources: ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
      verbs: ['get'],
    },
  ]);
});

test('Helm keeps no record as a Secret, which the account that plans may not read', () => {
  const helm = [...prod.values()].flatMap(({ provider }) => provider.helm ?? []);

  expect(helm.map((settings: any) => settings.helm_driver)).toEqual(['configmap']);
});
