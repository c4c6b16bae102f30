import { addressOf, valuesAt, type GateCheck } from '../gate-check';

/** Attributes whose value is a secret, whatever it looks like. */
const SECRET_ATTRIBUTES =
  /(^|\.)(password|secret_data|private_key|private_key_pem|client_secret|auth_token|access_token|api_key|root_password|certificate_pem_private)$/;

/** Texts that are a secret, wherever they stand. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\bAIza[\w-]{35}\b/, 'a Google API key'],
  [/\bya29\.[\w-]{20,}/, 'a Google access token'],
  [/\bGOCSPX-[\w-]{20,}/, 'an OAuth client secret'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, 'a token of a code host'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'a signed token'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@${}]+@/, 'an address with a password'],
];

/** What any of them holds: most texts are done with after one look. */
const SUSPICIOUS = /PRIVATE KEY|AIza|ya29|GOCSPX|gh[pousr]_|eyJ|:\/\/[^/]*@/;

export const noSecretValue: GateCheck = {
  id: 'GAT-008',
  title: 'No secret value is in the configuration',
  severity: 'error',
  rationale:
    'What is in the JSON is in the plan, in the state and in every log of a pipeline, for all who may read any of them (PCI DSS 8.6.2).',
  source: 'https://cloud.google.com/secret-manager/docs/best-practices',
  fix: 'add the value to Secret Manager out of band, and revoke this one',
  check: (stack) => [
    ...stack.resources
      .filter(({ type }) => type === 'google_secret_manager_secret_version')
      .filter(({ body }) => valuesAt(body, 'secret_data').length > 0)
      .map((resource) => ({ address: addressOf(resource), message: 'secret_data is set' })),
    ...stack.manifests
      .filter(({ kind, body }) => kind === 'Secret' && holdsData(body))
      .map(({ address }) => ({ address, message: 'a Kubernetes Secret holds data' })),
    ...stack.texts.flatMap(({ path, text }) => {
      const what = secretIn(path, text);
      // The text itself is not repeated: this message ends in a log.
      return what === undefined ? [] : [{ address: placeOf(path), message: `${path} holds ${what}` }];
    }),
  ],
};

function holdsData(body: unknown): boolean {
  return [...valuesAt(body, 'data'), ...valuesAt(body, 'stringData')].length > 0;
}

function secretIn(path: string, text: string): string | undefined {
  const isLiteral = text !== '' && !text.includes('${');
  if (isLiteral && SECRET_ATTRIBUTES.test(path) && !path.includes('.manifest.')) return 'a literal secret';
  if (!SUSPICIOUS.test(text)) return undefined;
  return SECRET_TEXTS.find(([pattern]) => pattern.test(text))?.[1];
}

/** `resource.type.name.attribute` → `type.name`. */
function placeOf(path: string): string {
  const [section = '', type = '', name = ''] = path.split('.');
  return section === 'resource' ? `${type}.${name}` : section;
}
