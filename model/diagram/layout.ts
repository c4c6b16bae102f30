/**
 * Layered layout of a graph without cycles, after Sugiyama: callers are left of their callees, and an edge that spans
 * several columns passes between their boxes. Its few hundred boxes need no layout library.
 */

export interface LayoutBox {
  readonly id: string;
  /** First line, above the rows. */
  readonly heading?: string;
  /** Ends of edges. */
  readonly rows: readonly { readonly id: string; readonly label: string }[];
}

/** Between rows. */
export interface LayoutEdge {
  readonly from: string;
  readonly to: string;
}

export interface PlacedRow {
  readonly id: string;
  readonly label: string;
  readonly y: number;
}

export interface PlacedBox extends Pick<LayoutBox, 'id' | 'heading'> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rows: readonly PlacedRow[];
}

/** A line from the right side of its caller to the left side of its callee; in between, from column to column. */
export interface LayoutRoute<E extends LayoutEdge> {
  readonly edge: E;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout<E extends LayoutEdge> {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly routes: readonly LayoutRoute<E>[];
}

/** Pixels. */
export const ROW_HEIGHT = 28;
const HEADING_HEIGHT = 18;
const PADDING = 6;
const MARGIN = 12;
const SPACE_BETWEEN_BOXES = 16;
const SPACE_BETWEEN_COLUMNS = 96;
const LANE_HEIGHT = 4;
/** Of the font, generously. */
const CHARACTER_WIDTH = 7.6;
const SWEEPS = 12;

/** A box, or the lane of a line through a column that has neither of its ends. */
class Item {
  readonly before: Item[] = [];
  readonly after: Item[] = [];
  /** In the column. */
  position = 0;
  /** Pixels. */
  y = 0;

  constructor(
    readonly height: number,
    readonly box?: LayoutBox,
  ) {}
}

export function layoutOf<E extends LayoutEdge>(boxes: readonly LayoutBox[], edges: readonly E[]): Layout<E> {
  const boxOfRow = new Map(boxes.flatMap((box) => box.rows.map((row) => [row.id, box] as const)));
  const drawn = edges.filter(({ from, to }) => boxOfRow.has(from) && boxOfRow.has(to));
  const ranks = ranksOf(boxes, drawn, boxOfRow);
  const columns: Item[][] = Array.from({ length: Math.max(0, ...ranks.values()) + 1 }, () => []);
  const add = (rank: number, item: Item) => (columns[rank]?.push(item), item);
  const items = new Map(boxes.map((box) => [box, add(ranks.get(box) ?? 0, new Item(heightOf(box), box))]));

  // Lines to the same row share their lanes.
  const lanes = new Map<string, Item>();
  const chains = drawn.map((edge) => {
    const [from, to] = [boxOfRow.get(edge.from)!, boxOfRow.get(edge.to)!];
    const chain = [items.get(from)!];
    for (let rank = ranks.get(from)! + 1; rank < ranks.get(to)!; rank += 1) {
      const key = `${rank} ${edge.to}`;
      const lane = lanes.get(key) ?? add(rank, new Item(LANE_HEIGHT));
      lanes.set(key, lane);
      chain.push(lane);
    }
    chain.push(items.get(to)!);
    chain.slice(1).forEach((item, index) => {
      item.before.push(chain[index]!);
      chain[index]!.after.push(item);
    });
    return { edge, chain };
  });

  orderColumns(columns);
  placeVertically(columns);
  const widths = columns.map((column) => Math.max(0, ...column.map(({ box }) => (box ? widthOf(box) : 0))));
  const starts = widths.map(
    (_, index) =>
      MARGIN + widths.slice(0, index).reduce((sum, width) => sum + width + SPACE_BETWEEN_COLUMNS, 0),
  );
  const columnOf = new Map(columns.flatMap((column, index) => column.map((item) => [item, index] as const)));
  const placed = [...items].map(([box, item]) => {
    const column = columnOf.get(item)!;
    return placedBox(box, item, starts[column]!, widths[column]!);
  });
  const rowY = new Map(
    placed.flatMap(({ rows }) => rows.map(({ id, y }) => [id, y + ROW_HEIGHT / 2] as const)),
  );
  const routes = chains.map(({ edge, chain }) => ({
    edge,
    points: chain.flatMap((item, index) => {
      const column = columnOf.get(item)!;
      const [left, right] = [starts[column]!, starts[column]! + widths[column]!];
      if (index === 0) return [{ x: right, y: rowY.get(edge.from)! }];
      if (index === chain.length - 1) return [{ x: left, y: rowY.get(edge.to)! }];
      const y = item.y + item.height / 2;
      return [
        { x: left, y },
        { x: right, y },
      ];
    }),
  }));
  return {
    width: Math.max(...placed.map(({ x, width }) => x + width)) + MARGIN,
    height: Math.max(...columns.flat().map(({ y, height }) => y + height)) + MARGIN,
    boxes: placed,
    routes,
  };
}

/** Column of each box: after its farthest caller. */
function ranksOf(
  boxes: readonly LayoutBox[],
  edges: readonly LayoutEdge[],
  boxOfRow: ReadonlyMap<string, LayoutBox>,
): Map<LayoutBox, number> {
  const ranks = new Map(boxes.map((box) => [box, 0]));
  // Without cycles, the ranks are final after at most one round per box.
  for (let round = 0, changed = true; changed && round < boxes.length; round += 1) {
    changed = false;
    for (const { from, to } of edges) {
      const [caller, callee] = [boxOfRow.get(from)!, boxOfRow.get(to)!];
      const least = ranks.get(caller)! + 1;
      if (caller === callee || ranks.get(callee)! >= least) continue;
      ranks.set(callee, least);
      changed = true;
    }
  }
  return ranks;
}

/** Reduces crossings: each item moves to the mean position of its neighbours in the previous column. */
function orderColumns(columns: Item[][]): void {
  const number = (column: Item[]) => column.forEach((item, index) => (item.position = index));
  columns.forEach(number);
  let best = { crossings: crossingsOf(columns), order: columns.map((column) => [...column]) };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rightwards = sweep % 2 === 0;
    for (const column of rightwards ? columns : [...columns].reverse()) {
      const centres = new Map(
        column.map((item) => [item, meanOf(rightwards ? item.before : item.after, item.position)]),
      );
      column.sort((a, b) => centres.get(a)! - centres.get(b)! || a.position - b.position);
      number(column);
    }
    const crossings = crossingsOf(columns);
    if (crossings < best.crossings) best = { crossings, order: columns.map((column) => [...column]) };
  }
  best.order.forEach((column, index) => (columns[index] = column));
  columns.forEach(number);
}

function meanOf(items: readonly Item[], fallback: number): number {
  return items.length === 0
    ? fallback
    : items.reduce((sum, { position }) => sum + position, 0) / items.length;
}

function crossingsOf(columns: readonly (readonly Item[])[]): number {
  return columns.reduce((sum, column) => {
    const lines = column.flatMap((item) => item.after.map((next) => [item.position, next.position] as const));
    return (
      sum +
      lines.reduce(
        (crossed, [a, b], index) =>
          crossed + lines.slice(index + 1).filter(([c, d]) => (a - c) * (b - d) < 0).length,
        0,
      )
    );
  }, 0);
}

/** Moves each item towards the middle of its neighbours, without changing the order of the column. */
function placeVertically(columns: readonly (readonly Item[])[]): void {
  for (const column of columns) placeColumn(column, () => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const rightwards = sweep % 2 === 0;
    for (const column of rightwards ? columns : [...columns].reverse())
      placeColumn(column, (item) => middleOf(rightwards ? item.before : item.after) ?? middleOf([item])!);
  }
  const top = Math.min(...columns.flat().map(({ y }) => y));
  for (const item of columns.flat()) item.y += MARGIN - top;
}

function middleOf(items: readonly Item[]): number | undefined {
  if (items.length === 0) return undefined;
  return items.reduce((sum, { y, height }) => sum + y + height / 2, 0) / items.length;
}

/** Pool-adjacent-violators: the closest positions to the wanted middles that keep order and distances. */
function placeColumn(column: readonly Item[], wantedMiddle: (item: Item) => number): void {
  const blocks: { sum: number; readonly items: { item: Item; offset: number }[]; length: number }[] = [];
  for (const item of column) {
    let block = {
      sum: wantedMiddle(item) - item.height / 2,
      items: [{ item, offset: 0 }],
      length: item.height + SPACE_BETWEEN_BOXES,
    };
    for (
      let above = blocks.at(-1);
      above && startOf(above) + above.length > startOf(block);
      above = blocks.at(-1)
    ) {
      const { length } = above;
      block = {
        sum: above.sum + block.sum - length * block.items.length,
        items: [...above.items, ...block.items.map((one) => ({ ...one, offset: one.offset + length }))],
        length: length + block.length,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  for (const block of blocks) for (const { item, offset } of block.items) item.y = startOf(block) + offset;
}

function startOf({ sum, items }: { readonly sum: number; readonly items: readonly unknown[] }): number {
  return sum / items.length;
}

function heightOf({ heading, rows }: LayoutBox): number {
  if (heading === undefined && rows.length === 1) return ROW_HEIGHT;
  const padding = rows.length === 1 ? 0 : PADDING * rows.length;
  return (heading === undefined ? 0 : HEADING_HEIGHT) + rows.length * ROW_HEIGHT + padding;
}

function widthOf({ heading = '', rows }: LayoutBox): number {
  const longest = Math.max(heading.length * 0.85, ...rows.map(({ label }) => label.length));
  return Math.ceil(longest * CHARACTER_WIDTH) + 4 * PADDING;
}

function placedBox(box: LayoutBox, { y, height }: Item, x: number, width: number): PlacedBox {
  const { id, heading, rows } = box;
  const top = y + (heading === undefined ? 0 : HEADING_HEIGHT);
  const step = ROW_HEIGHT + (rows.length === 1 ? 0 : PADDING);
  return {
    id,
    ...(heading !== undefined && { heading }),
    x,
    y,
    width,
    height,
    rows: rows.map((row, index) => ({ ...row, y: top + index * step })),
  };
}
