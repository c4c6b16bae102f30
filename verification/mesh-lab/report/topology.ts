import { drawGraph } from '../../../model/diagram/svg';
import { type ReportedEdge } from './report';

/** The call graph as SVG, with callers on the left. */
export function renderTopology(edges: readonly ReportedEdge[]): string {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  return drawGraph(
    names.map((name) => ({ id: name, className: 'version', rows: [{ id: name, label: name }] })),
    edges.map((edge) => ({ ...edge, className: 'request' })),
    { title: 'call graph' },
  );
}
