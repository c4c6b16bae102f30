/** Which mutants a cluster would accept: a mutant that it refuses cannot be deployed, so it does not count. */
import { run } from '../../../tools/process';
import { ApiError, type KubernetesClient } from '../../kubernetes/client';
import type { KubernetesManifest } from '../../kubernetes/kubernetes-object';
import type { Mutant } from './mutant';

export type Acceptance = 'accepted' | 'refused' | 'unchanged';

/** Google publishes no definitions of these kinds. */
const WITHOUT_DEFINITION =
  /^(networking\.gke\.io|monitoring\.googleapis\.com|secrets-store\.csi\.x-k8s\.io)\//;

/** Requests to the API server at a time. */
const BATCH = 50;

/**
 * Asks the API server (definitions, defaults, strict fields) and Istio's validation.
 *
 * @returns `unchanged` where the API server makes the same object of both, because the mutant removed a default
 */
export async function judgeAcceptance(
  client: KubernetesClient,
  istioctl: string,
  mutants: readonly Mutant[],
): Promise<ReadonlyMap<Mutant, Acceptance>> {
  const invalid = await refusedByIstio(istioctl, mutants);
  const found = new Map<Mutant, Acceptance>();
  for (let start = 0; start < mutants.length; start += BATCH)
    await Promise.all(
      mutants.slice(start, start + BATCH).map(async (mutant) => {
        found.set(mutant, invalid.has(mutant) ? 'refused' : await atApiServer(client, mutant));
      }),
    );
  return found;
}

async function atApiServer(
  client: KubernetesClient,
  { original, changed, operator }: Mutant,
): Promise<Acceptance> {
  // A deletion is always accepted.
  if (changed === undefined || WITHOUT_DEFINITION.test(changed.apiVersion)) return 'accepted';
  try {
    const stored = await client.apply(changed, { dryRun: true, force: true });
    if (operator === 'duplicated') return 'accepted';
    const before = await client.apply(original, { dryRun: true, force: true });
    return effective(stored) === effective(before) ? 'unchanged' : 'accepted';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return 'refused';
  }
}

/** Without what the server adds to every object. */
function effective({ metadata, ...rest }: KubernetesManifest): string {
  const { name, namespace, labels, annotations } = metadata;
  return JSON.stringify(sorted({ ...rest, metadata: { name, namespace, labels, annotations } }));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

const PREFIX = 'mutant-';

/** One run of istioctl for all: each object has a name that identifies the mutant in its messages. */
async function refusedByIstio(istioctl: string, mutants: readonly Mutant[]): Promise<ReadonlySet<Mutant>> {
  const documents = mutants.flatMap(({ changed }, index) =>
    changed?.apiVersion.includes('istio.io/')
      ? [JSON.stringify({ ...changed, metadata: { ...changed.metadata, name: `${PREFIX}${index}` } })]
      : [],
  );
  if (documents.length === 0) return new Set();
  const { all } = await run(istioctl, ['validate', '-f', '-'], {
    stdin: 'pipe',
    input: documents.join('\n---\n'),
    all: true,
  });
  const refused = [...all.matchAll(new RegExp(`${PREFIX}(\\d+)`, 'g'))].map(([, index]) => Number(index));
  return new Set(refused.flatMap((index) => mutants[index] ?? []));
}
