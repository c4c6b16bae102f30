import type { Environment } from '../environment';
import { edgeLabel, meshDiagram, type DiagramEdge, type DiagramNode, type NodeKind } from './mesh-diagram';

const SHAPES: Readonly<Record<NodeKind, string>> = {
  clients: 'oval',
  'load-balancer': 'box',
  gateway: 'hexagon',
  version: 'box',
  external: 'parallelogram',
  database: 'cylinder',
  secrets: 'cylinder',
  monitoring: 'cylinder',
};

/** Graphviz: domains are clusters, and split services are clusters in them. */
export function renderDot(environment: Environment): string {
  const { nodes, edges } = meshDiagram(environment);
  const versions = nodes.filter(({ kind }) => kind === 'version');
  const others = nodes.filter(({ kind }) => kind !== 'version');
  const domains = [...new Set(versions.map(({ service }) => service?.domain ?? ''))];
  return [
    'digraph mesh {',
    '  rankdir=LR;',
    '  node [fontname="sans-serif"];',
    ...others.map((node) => `  ${renderNode(node)}`),
    ...domains.flatMap((domain) => {
      const own = versions.filter(({ service }) => service?.domain === domain);
      return [
        `  subgraph "cluster_domain_${domain}" {`,
        `    label="${domain}";`,
        ...[...new Set(own.map(({ service }) => service?.name ?? ''))].flatMap((name) =>
          renderService(
            name,
            own.filter(({ service }) => service?.name === name),
          ),
        ),
        '  }',
      ];
    }),
    ...edges.map(renderEdge),
    '}',
  ].join('\n');
}

function renderService(name: string, versions: readonly DiagramNode[]): string[] {
  if (versions.length === 1) return versions.map((node) => `    ${renderNode(node)}`);
  return [
    `    subgraph "cluster_service_${name}" {`,
    `      label="${name}";`,
    ...versions.map((node) => `      ${renderNode(node)}`),
    '    }',
  ];
}

function renderNode({ id, kind, label }: DiagramNode): string {
  return `"${id}" [label="${label}" shape=${SHAPES[kind]}];`;
}

function renderEdge(edge: DiagramEdge): string {
  const { from, to, kind, requests } = edge;
  const methods = [...new Set(requests.flatMap((request) => request.methods))].join(' ');
  const label = [methods, edgeLabel(edge)].filter((part) => part !== '').join(', ');
  const attributes = [
    ...(label === '' ? [] : [`label="${label}"`]),
    ...(kind === 'support' ? ['style=dashed'] : []),
  ];
  return `  "${from}" -> "${to}"${attributes.length === 0 ? '' : ` [${attributes.join(' ')}]`};`;
}
