/** A plan runs what its configuration names, with the pipeline's credentials: so it may name nothing else. */
import { UsageError } from '../usage-error';

/** `terraform` is built in: order, and what other stacks have put out. */
const PROVIDERS = ['google', 'helm', 'kubernetes', 'terraform'];
const SOURCES = ['google', 'helm', 'kubernetes'];

/** What is read of a stack before Terraform is started in its folder. */
export interface Configuration {
  readonly terraform: {
    readonly backend?: { readonly local?: unknown };
    readonly required_providers?: Readonly<Record<string, { readonly source?: string }>>;
  };
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ephemeral?: Readonly<Record<string, unknown>>;
  readonly module?: unknown;
}

/**
 * A pull request may change what is synthesized. A provider such as `external` would run its programs while the
 * plan is made, before anybody has read it.
 *
 * @throws UsageError that names the first thing which is not ours
 */
export function refuseForeign(stack: string, configuration: Configuration): void {
  const foreign = foreignIn(configuration);
  if (foreign !== undefined)
    throw new UsageError(
      `'${stack}' wants ${foreign}, which this pipeline does not run; stacks are made of ${SOURCES.join(', ')} only`,
    );
}

function foreignIn(configuration: Configuration): string | undefined {
  if (configuration.module !== undefined) return 'a module';
  const required = Object.values(configuration.terraform.required_providers ?? {});
  for (const { source = '' } of required) {
    const [name = ''] = source.replace(/^(registry\.terraform\.io\/)?hashicorp\//, '').split('@');
    if (!SOURCES.includes(name)) return `provider '${source}'`;
  }
  const types = [configuration.resource, configuration.data, configuration.ephemeral].flatMap((blocks) =>
    Object.keys(blocks ?? {}),
  );
  return types
    .filter((type) => !PROVIDERS.includes(type.split('_')[0] ?? ''))
    .map((type) => `a '${type}'`)[0];
}
