import { addressOf, textsIn, valuesAt, type GateCheck } from '../gate-check';

const PRIMITIVE = /^roles\/(owner|editor|viewer|admin|writer|reader)$/;

export const noPrimitiveRole: GateCheck = {
  id: 'GAT-004',
  title: 'No primitive role is granted',
  severity: 'error',
  rationale:
    'Owner, editor, viewer and cluster-admin reach everything there is and everything to come, so nobody can say who may do what (PCI DSS 7.2.1, 7.2.2).',
  source: 'https://cloud.google.com/iam/docs/roles-overview#basic',
  fix: 'grant the one role that the task needs',
  check: (stack) => [
    ...stack.resources
      .filter(({ type }) => type.includes('_iam_') || type.includes('custom_role'))
      .flatMap((resource) =>
        textsIn(resource.body)
          .filter(({ text }) => PRIMITIVE.test(text))
          .map(({ path, text }) => ({ address: addressOf(resource), message: `${path} is '${text}'` })),
      ),
    ...stack.manifests
      .filter(({ kind }) => kind === 'ClusterRoleBinding' || kind === 'RoleBinding')
      .filter(({ body }) => valuesAt(body, 'roleRef.name').includes('cluster-admin'))
      .map(({ address }) => ({ address, message: "roleRef.name is 'cluster-admin'" })),
  ],
};
