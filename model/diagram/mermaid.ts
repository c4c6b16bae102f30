import type { Environment } from '../environment';
import { edgeLabel, meshDiagram, type DiagramEdge, type DiagramNode, type NodeKind } from './mesh-diagram';

/** Flowchart in Mermaid, from external clients on the left to third parties and data on the right. */
export function renderMermaid(environment: Environment): string {
  const { nodes, edges } = meshDiagram(environment);
  const versions = nodes.filter(({ kind }) => kind === 'version');
  const domains = [...new Set(versions.map(domainOf))];
  return [
    'flowchart LR',
    ...nodes.filter(({ kind }) => kind !== 'version').map((node) => `  ${shapeOf(node)}`),
    ...domains.flatMap((domain) => [
      `  subgraph ${idOf(`domain-${domain}`)}["${domain}"]`,
      ...renderServices(versions.filter((node) => domainOf(node) === domain)),
      '  end',
    ]),
    ...edges.map(renderEdge),
  ].join('\n');
}

/** Versions of a split service are in a box of the service. */
function renderServices(versions: readonly DiagramNode[]): string[] {
  return [...new Set(versions.map(serviceOf))].flatMap((name) => {
    const own = versions.filter((node) => serviceOf(node) === name);
    if (own.length === 1) return own.map((node) => `    ${shapeOf(node)}`);
    return [
      `    subgraph ${idOf(`service-${name}`)}["${name}"]`,
      ...own.map((node) => `      ${shapeOf(node)}`),
      '    end',
    ];
  });
}

const SHAPES: Readonly<Record<NodeKind, readonly [open: string, close: string]>> = {
  clients: ['([', '])'],
  'load-balancer': ['[', ']'],
  gateway: ['{{', '}}'],
  version: ['[', ']'],
  external: ['[/', '/]'],
  database: ['[(', ')]'],
  secrets: ['[(', ')]'],
  monitoring: ['[(', ')]'],
};

function shapeOf({ id, kind, label }: DiagramNode): string {
  const [open, close] = SHAPES[kind];
  return `${idOf(id)}${open}"${label}"${close}`;
}

function renderEdge(edge: DiagramEdge): string {
  const { from, to, kind } = edge;
  const arrow = kind === 'support' ? '-.->' : '-->';
  const label = edgeLabel(edge);
  return `  ${idOf(from)} ${arrow}${label === '' ? ' ' : `|"${label}"| `}${idOf(to)}`;
}

function domainOf({ service }: DiagramNode): string {
  return service?.domain ?? '';
}

function serviceOf({ service }: DiagramNode): string {
  return service?.name ?? '';
}

/** Mermaid ids allow letters, digits and underscores only. */
function idOf(name: string): string {
  return name.replaceAll('-', '_');
}
