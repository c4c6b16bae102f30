import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MeshDiagram } from '../../model/diagram/mesh-diagram';
import { DIAGRAM_STYLE, drawMesh } from '../../model/diagram/svg';

/** In the source folder, which the compiled program is below. */
const TEMPLATE = join(__dirname.replace(/dist.(?=tools.graph$)/, ''), 'page.html');

/** A self-contained page that works offline: it highlights the paths through a service. */
export function renderGraphPage(diagram: MeshDiagram): string {
  const title = `Call graph of ${diagram.environment}`;
  const parts: Readonly<Record<string, string>> = {
    title,
    style: DIAGRAM_STYLE,
    picture: drawMesh(diagram, { title, isInteractive: true }),
    // `</script>` would end the element.
    data: JSON.stringify(diagram).replaceAll('<', '\\u003c'),
  };
  return readFileSync(TEMPLATE, 'utf8').replace(
    /\{\{(\w+)\}\}/g,
    (placeholder, name: string) => parts[name] ?? placeholder,
  );
}
