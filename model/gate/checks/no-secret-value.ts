import { secretIn } from '../../secret-text';
import { addressOf, valuesAt, type GateCheck } from '../gate-check';

/** Attributes that hold a secret. */
const SECRET_ATTRIBUTES =
  /(^|\.)(password|secret_data|private_key|private_key_pem|client_secret|auth_token|access_token|api_key|root_password|certificate_pem_private)$/;

export const noSecretValue: GateCheck = {
  id: 'GAT-008',
  title: 'No secret value is in the configuration',
  severity: 'error',
  rationale:
    'A value in the JSON also ends in plans, in the state and in pipeline logs, where many people can read it (PCI DSS 8.6.2).',
  source: 'https://cloud.google.com/secret-manager/docs/best-practices',
  fix: 'revoke this value, and add a new one to Secret Manager outside of Terraform',
  check: (stack) => [
    ...stack.resources
      .filter(({ type }) => type === 'google_secret_manager_secret_version')
      .filter(({ body }) => valuesAt(body, 'secret_data').length > 0)
      .map((resource) => ({ address: addressOf(resource), message: 'secret_data is set' })),
    ...stack.manifests
      .filter(({ kind, body }) => kind === 'Secret' && holdsData(body))
      .map(({ address }) => ({ address, message: 'a Kubernetes Secret holds data' })),
    ...stack.texts.flatMap(({ path, text }) => {
      const kind = secretAt(path, text);
      // Without the secret itself: the message ends in a log.
      return kind === undefined ? [] : [{ address: placeOf(path), message: `${path} holds ${kind}` }];
    }),
  ],
};

function holdsData(body: unknown): boolean {
  return [...valuesAt(body, 'data'), ...valuesAt(body, 'stringData')].length > 0;
}

function secretAt(path: string, text: string): string | undefined {
  const isLiteral = text !== '' && !text.includes('${');
  if (isLiteral && SECRET_ATTRIBUTES.test(path) && !path.includes('.manifest.')) return 'a literal secret';
  return secretIn(text);
}

/** `resource.type.name.attribute` → `type.name`. */
function placeOf(path: string): string {
  const [section = '', type = '', name = ''] = path.split('.');
  return section === 'resource' ? `${type}.${name}` : section;
}
