import { CallGraph } from '../../model/call-graph';
import { renderMermaid } from '../../model/diagram';
import type { Environment } from '../../model/environment';

export const GRAPH_FORMATS = ['mermaid', 'dot', 'json'] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  /** Whether a valid end-user token is required. */
  readonly jwt: 'required' | 'none';
}

export function renderGraph(environment: Environment, format: GraphFormat): string {
  if (format === 'mermaid') return renderMermaid(environment);
  const edges = edgesOf(environment);
  if (format === 'json') return JSON.stringify(edges, null, 2);
  const lines = edges.map(
    ({ from, to, methods }) => `  "${from}" -> "${to}" [label="${methods.join(' ')}"];`,
  );
  return ['digraph mesh {', '  rankdir=LR;', ...lines, '}'].join('\n');
}

/** Every allowed call, by identity of the caller. */
function edgesOf(environment: Environment): GraphEdge[] {
  const graph = new CallGraph(environment);
  const inside = environment.services.flatMap(({ name }) =>
    graph.callersOf(name).map((edge) => ({ ...edge, to: name })),
  );
  const outside = environment.externals.flatMap(({ name }) =>
    graph.callersOfExternal(name).map((edge) => ({ ...edge, to: name, jwt: 'none' as const })),
  );
  return [...inside, ...outside].map(({ caller, to, methods, paths, jwt }) => ({
    from: caller.serviceAccount,
    to,
    methods,
    paths,
    jwt,
  }));
}
