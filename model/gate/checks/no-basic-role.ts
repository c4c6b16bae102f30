import { addressOf, textsIn, valuesAt, type GateCheck } from '../gate-check';

const BASIC_ROLE = /^roles\/(owner|editor|viewer|admin|writer|reader)$/;

export const noBasicRole: GateCheck = {
  id: 'GAT-004',
  title: 'No basic role is granted',
  severity: 'error',
  rationale:
    'Owner, editor, viewer and cluster-admin grant access to all present and future resources, far beyond least privilege (PCI DSS 7.2.1, 7.2.2).',
  source: 'https://cloud.google.com/iam/docs/roles-overview#basic',
  fix: 'grant a predefined or custom role that covers the task only',
  check: (stack) => [
    ...stack.resources
      .filter(({ type }) => type.includes('_iam_') || type.includes('custom_role'))
      .flatMap((resource) =>
        textsIn(resource.body)
          .filter(({ text }) => BASIC_ROLE.test(text))
          .map(({ path, text }) => ({ address: addressOf(resource), message: `${path} is '${text}'` })),
      ),
    ...stack.manifests
      .filter(({ kind }) => kind === 'ClusterRoleBinding' || kind === 'RoleBinding')
      .filter(({ body }) => valuesAt(body, 'roleRef.name').includes('cluster-admin'))
      .map(({ address }) => ({ address, message: "roleRef.name is 'cluster-admin'" })),
  ],
};
