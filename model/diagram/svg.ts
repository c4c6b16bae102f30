/** The picture as SVG. */
import {
  layoutOf,
  ROW_HEIGHT,
  type Layout,
  type LayoutBox,
  type LayoutEdge,
  type PlacedBox,
  type LayoutRoute,
} from './layout';
import { edgeLabel, type MeshDiagram } from './mesh-diagram';

export interface DrawnEdge extends LayoutEdge {
  /** At the arrowhead; empty for none. */
  readonly label: string;
  readonly className: string;
  /** Further attributes, escaped. @default none */
  readonly attributes?: string;
}

export interface DrawnBox extends LayoutBox {
  readonly className: string;
}

export interface DrawOptions {
  readonly title: string;
  /** CSS in the picture, for a file of its own; a page has its own styles. @default none */
  readonly style?: string;
  /** Whether each row can have the focus. @default false */
  readonly isInteractive?: boolean;
}

const ARROW_LENGTH = 9;

/** Colours follow the reader's scheme. */
const STYLE = `svg { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #b6c0cc; --accent: #2b63c6; --soft: #f3f5f8; background: var(--paper); font: 13px system-ui, sans-serif }
@media (prefers-color-scheme: dark) { svg { --ink: #e6eaf0; --paper: #14181f; --line: #556170; --accent: #8ab4f8; --soft: #1d232c } }
`;

/** Of the elements below; a page defines the colours. */
export const DIAGRAM_STYLE = `.box, .row { fill: var(--soft); stroke: var(--line) } .row { fill: var(--paper) }
.gateway .box, .load-balancer .box { stroke: var(--accent) } .external .box, .clients .box { stroke-dasharray: 5 3 } .database .box, .secrets .box, .monitoring .box { rx: 14 }
.diagram text { fill: var(--ink) } .diagram .heading { font-size: .85em; opacity: .75 }
.edge { fill: none; stroke: var(--accent); stroke-width: 1.4 } .edge.support { stroke-dasharray: 4 4 } .arrow { fill: var(--accent) }
.diagram .weight { font-size: .9em; font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px }`;

/** A file of its own. */
export function renderSvg(diagram: MeshDiagram): string {
  return drawMesh(diagram, {
    title: `Call graph of ${diagram.environment}`,
    style: STYLE + DIAGRAM_STYLE,
  });
}

export function drawMesh({ nodes, edges }: MeshDiagram, options: DrawOptions): string {
  const boxes = new Map<string, DrawnBox>();
  for (const { id, kind, label, service } of nodes) {
    const key = service === undefined ? id : `service-${service.name}`;
    const rows = [...(boxes.get(key)?.rows ?? []), { id, label }];
    boxes.set(key, { id: key, className: kind, rows, ...(service && { heading: service.domain }) });
  }
  const drawn = edges.map((edge) => {
    const { from, to, kind, through = [] } = edge;
    return {
      from,
      to,
      label: edgeLabel(edge),
      className: kind,
      attributes: through.length === 0 ? '' : ` data-through="${escapeXml(through.join(' '))}"`,
    };
  });
  return drawGraph([...boxes.values()], drawn, options);
}

export function drawGraph(
  boxes: readonly DrawnBox[],
  edges: readonly DrawnEdge[],
  { title, style, isInteractive = false }: DrawOptions,
): string {
  const layout: Layout<DrawnEdge> = layoutOf(boxes, edges);
  const classes = new Map(boxes.map(({ id, className }) => [id, className]));
  const { width, height } = layout;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="${isInteractive ? 'group' : 'img'}" aria-label="${escapeXml(title)}">`,
    ...(style === undefined ? [] : [`<style>${style}</style>`]),
    `<defs><marker id="arrow" viewBox="0 0 10 10" refX="1" refY="5" markerWidth="${ARROW_LENGTH}" markerHeight="${ARROW_LENGTH}" markerUnits="userSpaceOnUse" orient="auto"><polygon class="arrow" points="0,0 10,5 0,10"/></marker></defs>`,
    ...layout.routes.map(drawRoute),
    ...layout.boxes.map((box) => drawBox(box, classes.get(box.id) ?? '', isInteractive)),
    ...layout.routes.map(drawLabel),
    '</svg>',
  ].join('\n');
}

function drawRoute({ edge, points }: LayoutRoute<DrawnEdge>): string {
  const { from, to, className, attributes = '' } = edge;
  const [start, ...rest] = points;
  if (start === undefined) return '';
  const steps = rest.map(({ x, y }, index) => {
    const isLast = index === rest.length - 1;
    // Even steps cross the space between two columns, odd ones pass a column.
    if (index % 2 === 1) return `H${round(x)}`;
    const end = isLast ? x - ARROW_LENGTH : x;
    const previous = points[index]!;
    const middle = (previous.x + end) / 2;
    return `C${round(middle)},${round(previous.y)} ${round(middle)},${round(y)} ${round(end)},${round(y)}`;
  });
  return `<path class="edge ${className}" data-from="${escapeXml(from)}" data-to="${escapeXml(to)}"${attributes} marker-end="url(#arrow)" d="M${round(start.x)},${round(start.y)} ${steps.join(' ')}"/>`;
}

/** Above all lines. */
function drawLabel({ edge: { from, to, label }, points }: LayoutRoute<DrawnEdge>): string {
  const end = points.at(-1);
  if (label === '' || end === undefined) return '';
  const previous = points.at(-2)!;
  const y = end.y + (previous.y > end.y ? -5 : 14);
  return `<text class="weight" text-anchor="end" data-from="${escapeXml(from)}" data-to="${escapeXml(to)}" x="${round(end.x - ARROW_LENGTH)}" y="${round(y)}">${escapeXml(label)}</text>`;
}

function drawBox(box: PlacedBox, className: string, isInteractive: boolean): string {
  const { x, y, width, height, heading, rows } = box;
  const centre = round(x + width / 2);
  const [only] = rows;
  const outer = `<rect class="box" x="${round(x)}" y="${round(y)}" width="${width}" height="${height}" rx="6"/>`;
  const title =
    heading === undefined
      ? ''
      : `<text class="heading" text-anchor="middle" x="${centre}" y="${round(y + 14)}">${escapeXml(heading)}</text>`;
  const drawn = rows.map((row) => {
    const inner =
      rows.length === 1
        ? ''
        : `<rect class="row" x="${round(x + 6)}" y="${round(row.y)}" width="${width - 12}" height="${ROW_HEIGHT}" rx="4"/>`;
    const text = `<text text-anchor="middle" x="${centre}" y="${round(row.y + ROW_HEIGHT / 2 + 4.5)}">${escapeXml(row.label)}</text>`;
    const focus = isInteractive
      ? ` tabindex="0" role="button" aria-pressed="false" aria-label="${escapeXml(row.label)}"`
      : '';
    const shared = row === only && rows.length === 1 ? outer + title : '';
    return `<g class="node ${className}" data-id="${escapeXml(row.id)}"${focus}>${shared}${inner}${text}</g>`;
  });
  return `${rows.length === 1 ? '' : `<g class="${className}">${outer}${title}</g>`}${drawn.join('')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
