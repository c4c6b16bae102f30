import fc from 'fast-check';
import { layoutOf, type PlacedBox } from '../../model/diagram/layout';

/** Boxes with one or two rows; edges go from a box to one with a higher index, so there is no cycle. */
const graphs = fc
  .record({
    rows: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 14 }),
    pairs: fc.array(fc.tuple(fc.nat({ max: 13 }), fc.nat({ max: 13 })), { maxLength: 30 }),
  })
  .map(({ rows, pairs }) => ({
    boxes: rows.map((count, index) => ({
      id: `${index}`,
      ...(index % 3 === 0 && { heading: 'domain' }),
      rows: Array.from({ length: count }, (_, row) => ({ id: `${index}.${row}`, label: `service ${index}` })),
    })),
    edges: pairs
      .filter(([from, to]) => from < to && to < rows.length)
      .map(([from, to]) => ({ from: `${from}.0`, to: `${to}.${rows[to]! - 1}` })),
  }));

const apart = (a: PlacedBox, b: PlacedBox) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

test('boxes do not overlap, callers are left of callees, and no line passes behind a box', () => {
  fc.assert(
    fc.property(graphs, ({ boxes, edges }) => {
      const { boxes: placed, routes, width, height } = layoutOf(boxes, edges);

      expect(placed).toHaveLength(boxes.length);
      expect(routes).toHaveLength(edges.length);
      placed.forEach((a, index) => placed.slice(index + 1).forEach((b) => expect(apart(a, b)).toBe(true)));
      for (const { x, y, width: own, height: tall } of placed) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + own).toBeLessThanOrEqual(width);
        expect(y + tall).toBeLessThanOrEqual(height);
      }
      for (const { edge, points } of routes) {
        const end = (row: string) => placed.find(({ rows }) => rows.some(({ id }) => id === row))!;
        const [from, to] = [end(edge.from), end(edge.to)];
        expect(points[0]!.x).toBe(from.x + from.width);
        expect(points.at(-1)!.x).toBe(to.x);
        expect(points.map(({ x }) => x)).toEqual(points.map(({ x }) => x).sort((a, b) => a - b));
        // Pairs of inner points pass a column at one height.
        for (let index = 1; index + 1 < points.length; index += 2) {
          const [left, right] = [points[index]!, points[index + 1]!];
          expect(left.y).toBe(right.y);
          for (const box of placed.filter(({ x }) => x >= left.x && x < right.x))
            expect(left.y < box.y || left.y > box.y + box.height).toBe(true);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('a service is next to its only caller', () => {
  const box = (id: string) => ({ id, rows: [{ id, label: id }] });
  const { boxes } = layoutOf(['in', 'a', 'b', 'c', 'd'].map(box), [
    { from: 'in', to: 'a' },
    { from: 'in', to: 'b' },
    { from: 'a', to: 'd' },
    { from: 'b', to: 'c' },
  ]);
  const y = (id: string) => boxes.find((one) => one.id === id)!.y;

  expect(y('d')).toBe(y('a'));
  expect(y('c')).toBe(y('b'));
});
