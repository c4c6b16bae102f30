import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { STACK_NAMES } from '../../model/naming';
import { addEnvironment } from '../../stacks';
import { environmentNamed } from '../support/catalogues';

/** The numbered list of the runbook. */
const documentedOrder = [
  ...readFileSync('docs/runbooks/tear-down.md', 'utf8').matchAll(/^\d+\. `([a-z-]+)`$/gm),
].map(([, name]) => name);

test('the runbook destroys every stack, dependents first', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'mesh-order-'));
  try {
    const app = new App({ outdir });
    addEnvironment(app, environmentNamed('prod'));
    app.synth();
    const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { dependencies: string[] }>;
    };

    expect([...documentedOrder].sort()).toEqual([...STACK_NAMES].sort());
    const position = (id: string) => documentedOrder.indexOf(id.replace(/^prod-/, ''));
    const dependencies = Object.entries(stacks).flatMap(([id, stack]) =>
      stack.dependencies.map((dependency) => [id, dependency] as const),
    );
    expect(dependencies.length).toBeGreaterThanOrEqual(5);
    for (const [dependant, dependency] of dependencies)
      expect([dependant, dependency, position(dependant) < position(dependency)]).toEqual([
        dependant,
        dependency,
        true,
      ]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
