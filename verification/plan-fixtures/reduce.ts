/** Makes a plan small enough to commit: drops whole entries and changes none. */

interface PlanJson {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly errored?: boolean;
  readonly resource_changes?: readonly Entry[];
  readonly resource_drift?: readonly Entry[];
  readonly prior_state?: {
    readonly values?: { readonly root_module?: { readonly resources?: readonly Entry[] } };
  };
}

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly previous_address?: string;
  readonly change?: { readonly actions: readonly string[]; readonly after: unknown };
}

/** Unchanged objects from which the review derives the call graph, for the blast radius. */
const CONTEXT: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'Deployment',
  'ServiceEntry',
  'VirtualService',
]);

export function reducePlan(plan: unknown): unknown {
  const { format_version, terraform_version, errored, resource_changes, resource_drift, prior_state } =
    plan as PlanJson;
  const weightCaps = (prior_state?.values?.root_module?.resources ?? []).filter(
    ({ mode, type }) => mode === 'data' && type === 'kubernetes_resources',
  );
  return {
    format_version,
    terraform_version,
    errored,
    resource_changes: (resource_changes ?? []).filter((entry) => isChange(entry) || isContext(entry)),
    resource_drift: resource_drift ?? [],
    prior_state: { values: { root_module: { resources: weightCaps } } },
  };
}

function isChange({ previous_address, change }: Entry): boolean {
  return previous_address !== undefined || change?.actions.join() !== 'no-op';
}

function isContext({ change }: Entry): boolean {
  const { manifest } = (change?.after ?? {}) as { readonly manifest?: { readonly kind?: string } };
  return CONTEXT.has(manifest?.kind ?? '');
}
