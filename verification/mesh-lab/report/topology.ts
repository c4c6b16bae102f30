import { escape } from '../../support/junit';
import { type ReportedEdge } from './report';

const COLUMN = 210;
const ROW = 52;
const BOX = { width: 160, height: 32 } as const;

/** The call graph as SVG, with callers on the left. */
export function renderTopology(edges: readonly ReportedEdge[]): string {
  const places = place(edges);
  const widest = Math.max(...[...places.values()].map(({ x }) => x)) + BOX.width + 10;
  const tallest = Math.max(...[...places.values()].map(({ y }) => y)) + BOX.height + 10;
  const lines = edges.map(({ from, to, label }) => {
    const a = places.get(from);
    const b = places.get(to);
    if (!a || !b) return '';
    const start = { x: a.x + BOX.width, y: a.y + BOX.height / 2 };
    const end = { x: b.x, y: b.y + BOX.height / 2 };
    const bend = (end.x - start.x) / 2;
    const text =
      label === '' ? '' : `<text x="${end.x - 46}" y="${end.y - 5}" class="weight">${escape(label)}</text>`;
    return `<path d="M${start.x},${start.y} C${start.x + bend},${start.y} ${end.x - bend},${end.y} ${end.x},${end.y}" class="edge"/>${text}`;
  });
  const boxes = [...places].map(
    ([name, { x, y }]) =>
      `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" class="box"/><text x="${x + BOX.width / 2}" y="${y + 20}" text-anchor="middle">${escape(name)}</text>`,
  );
  return `<svg viewBox="0 0 ${widest} ${tallest}" role="img" aria-label="call graph">${lines.join('')}${boxes.join('')}</svg>`;
}

/** Places each service in the column after its farthest caller. */
function place(edges: readonly ReportedEdge[]): Map<string, { x: number; y: number }> {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))];
  const depth = new Map(names.map((name) => [name, 0]));
  // The call graph has no cycles, so the depths are final after at most one round per name.
  for (let round = 0; round < names.length; round += 1)
    for (const { from, to } of edges)
      depth.set(to, Math.max(depth.get(to) ?? 0, Math.min((depth.get(from) ?? 0) + 1, names.length)));
  const inColumn = new Map<number, number>();
  return new Map(
    names.map((name) => {
      const column = depth.get(name) ?? 0;
      const row = inColumn.get(column) ?? 0;
      inColumn.set(column, row + 1);
      return [name, { x: 10 + column * COLUMN, y: 10 + row * ROW }];
    }),
  );
}
