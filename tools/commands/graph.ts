import { renderDot } from '../../model/diagram/dot';
import { renderMermaid } from '../../model/diagram/mermaid';
import { meshDiagram } from '../../model/diagram/mesh-diagram';
import { renderSvg } from '../../model/diagram/svg';
import type { Environment } from '../../model/environment';
import { renderGraphPage } from '../graph/page';

const RENDERERS = {
  mermaid: renderMermaid,
  dot: renderDot,
  json: (environment: Environment) => JSON.stringify(meshDiagram(environment), null, 2),
  svg: (environment: Environment) => renderSvg(meshDiagram(environment)),
  html: (environment: Environment) => renderGraphPage(meshDiagram(environment)),
} as const;

export type GraphFormat = keyof typeof RENDERERS;
export const GRAPH_FORMATS = Object.keys(RENDERERS) as GraphFormat[];

/** Every format has the same nodes and edges. */
export function renderGraph(environment: Environment, format: GraphFormat): string {
  return RENDERERS[format](environment);
}
