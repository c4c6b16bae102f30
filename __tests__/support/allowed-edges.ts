import type { Environment } from '../../model/environment';
import type { KubernetesJson } from './synth';

/** Edges as `callee ← identity of the caller`, which the policies allow; sorted, each once. */
export function allowedEdges(environment: Environment, policies: readonly KubernetesJson[]): string[] {
  const allowed = policies.flatMap((policy) =>
    (policy.spec.rules ?? []).flatMap((rule: any) =>
      (rule.from ?? []).flatMap(({ source }: any) =>
        (source.principals ?? []).flatMap((name: string) =>
          calleesOf(environment, policy, rule).map(
            (callee) => `${callee} ← ${name.slice(name.lastIndexOf('/') + 1)}`,
          ),
        ),
      ),
    ),
  );
  return [...new Set<string>(allowed)].sort();
}

/** At the egress gateway the callee is the third party whose host the rule has. */
function calleesOf({ externals }: Environment, { metadata }: KubernetesJson, rule: any): string[] {
  if (metadata.name !== 'egress-gateway') return [metadata.name];
  return externals
    .filter((external) => rule.to.some(({ operation }: any) => operation.hosts.includes(external.host)))
    .map((external) => external.name);
}
