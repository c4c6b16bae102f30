import { renderMeshDashboard } from '../../../model/dashboards/mesh';
import { renderSloDashboard } from '../../../model/dashboards/slos';
import type { Environment } from '../../../model/environment';

/** Audits the dashboards: a section for every service, and tiles that do not overlap. */
export function auditDashboards(environment: Environment): void {
  test.each([renderMeshDashboard, renderSloDashboard])('%p', (render) => {
    const { tiles } = render(environment).mosaicLayout;
    const titles = tiles.flatMap(({ widget }: any) => (widget.sectionHeader ? [widget.title] : []));
    expect(titles).toEqual(expect.arrayContaining(environment.services.map(({ name }) => name)));

    const occupied = new Set<string>();
    for (const { xPos, yPos, width, height } of tiles) {
      expect(xPos + width).toBeLessThanOrEqual(48);
      for (let x = xPos; x < xPos + width; x += 1) {
        for (let y = yPos; y < yPos + height; y += 1) {
          expect(occupied.has(`${x},${y}`)).toBe(false);
          occupied.add(`${x},${y}`);
        }
      }
    }
  });
}
