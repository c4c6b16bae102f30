import { environmentNamed } from '../support/catalogues';
import { objectsOf, synthEnvironment } from '../support/synth';

/** Kubernetes permissions of the plan account; `npm run verify -- terraform` tests that they suffice. */
const prod = synthEnvironment(environmentNamed('prod'));
const grants = [...prod.values()].flatMap((stack) => {
  const objects = [...objectsOf(stack).values()] as any[];
  return objects.filter(({ subjects = [] }) =>
    subjects.some(({ name }: any) => name.startsWith('mesh-plan@')),
  );
});

test('the plan account may read admission policies, and nothing else', () => {
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

test('Helm stores releases as ConfigMaps, since the plan account cannot read Secrets', () => {
  const helm = [...prod.values()].flatMap(({ provider }) => provider.helm ?? []);

  expect(helm.map((settings: any) => settings.helm_driver)).toEqual(['configmap']);
});
