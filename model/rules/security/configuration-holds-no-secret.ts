import { holdsRandomWord, isSecretName, secretIn } from '../../secret-text';
import type { Service } from '../../service';
import type { Path } from '../../source/yaml-document';
import type { Rule } from '../rule';

export const configurationHoldsNoSecret: Rule = {
  id: 'SEC-006',
  title: 'Configuration of a service holds no secret',
  severity: 'error',
  rationale:
    'Variables, files and arguments are readable in the repository, in plans, in the Terraform state and by everybody who may view the pods (PCI DSS 8.6.2).',
  source: 'https://cloud.google.com/secret-manager/docs/best-practices',
  fix: "declare a secret in mesh.yaml, list it in the service's secrets, and read the mounted file; revoke the value if it was committed",
  check: ({ services }) =>
    services.flatMap((service) =>
      textsOf(service).flatMap(({ path, text, kind }) => {
        const found = kind === 'file' ? secretInFile(text) : secretInValue(String(path.at(-1)), text, kind);
        return found === undefined
          ? []
          : [{ kind: 'service' as const, name: service.name, path, message: found }];
      }),
    ),
};

interface ConfiguredText {
  readonly path: Path;
  readonly text: string;
  readonly kind: 'variable' | 'file' | 'argument';
}

function textsOf({ env, files, args, command, canaryPolicy }: Service): ConfiguredText[] {
  const canary = canaryPolicy ?? { env: {}, files: {} };
  return [
    ...entriesOf(['env'], env, 'variable'),
    ...entriesOf(['canary', 'env'], canary.env, 'variable'),
    ...entriesOf(['files'], files, 'file'),
    ...entriesOf(['canary', 'files'], canary.files, 'file'),
    ...listOf(['command'], command),
    ...listOf(['args'], args),
    ...listOf(['canary', 'args'], canaryPolicy?.args),
  ];
}

function entriesOf(
  path: Path,
  texts: Readonly<Record<string, string>>,
  kind: ConfiguredText['kind'],
): ConfiguredText[] {
  return Object.entries(texts).map(([name, text]) => ({ path: [...path, name], text, kind }));
}

function listOf(path: Path, texts: readonly string[] = []): ConfiguredText[] {
  return texts.map((text, index) => ({ path: [...path, index], text, kind: 'argument' }));
}

function secretInValue(name: string, value: string, kind: ConfiguredText['kind']): string | undefined {
  if (kind === 'variable' && isSecretName(name) && !isHarmless(value)) return `'${name}' names a secret`;
  const [, option, given] = /^--?([\w.-]+)=(.+)$/.exec(value) ?? [];
  if (option !== undefined && given !== undefined && isSecretName(option) && !isHarmless(given))
    return `'${option}' names a secret`;
  return secretByForm(value);
}

/** Lines such as `password: x`, `"apiKey": "x"` or `db.password = x`. */
const ENTRY = /^[\s,{-]*["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*["']?([^"'\s,}]+)/;

function secretInFile(content: string): string | undefined {
  const lines = content.split('\n');
  const index = lines.findIndex((line) => {
    const [, key, value] = ENTRY.exec(line) ?? [];
    return key !== undefined && value !== undefined && isSecretName(key) && !isHarmless(value);
  });
  if (index >= 0) return `line ${index + 1} names a secret`;
  return secretByForm(content);
}

function secretByForm(text: string): string | undefined {
  if (/-----BEGIN [A-Z0-9 ]+-----/.test(text)) return 'holds a PEM block';
  const known = secretIn(text);
  if (known !== undefined) return `holds ${known}`;
  return holdsRandomWord(text) ? 'holds a random word, as secrets are' : undefined;
}

/** Switches, references to a variable, a template or a file, URLs without a password. */
function isHarmless(value: string): boolean {
  return value === '' || /^(\$[({]|\{\{)|^(true|false|null|\d{1,3}|\/\S*|https?:\/\/[^@]*)$/.test(value);
}
