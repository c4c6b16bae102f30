// The objects of Kiali's chart with the values of a stack, as YAML.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { goTool } from './go-tool.mjs';

const HELM = 'v4.2.0';
const STAND_IN = 'verification/cloud-lab/kiali-chart';

/**
 * @param resources of one environment, by address
 * @returns objects and the chart's origin; `undefined` without Kiali
 */
export function renderKiali(resources) {
  const found = [...resources].find(([address]) => address.startsWith('helm_release.'));
  if (found === undefined) return undefined;
  const [, { name, namespace, repository, chart, version, values }] = found;
  const helm = goTool('helm.sh/helm/v4/cmd/helm', HELM);
  const folder = mkdtempSync(join(tmpdir(), 'kiali-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, values[0]);
    const render = (...chartArguments) =>
      execaSync(helm, ['template', name, ...chartArguments, '--namespace', namespace, '--values', file], {
        env: { HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
        timeout: 60_000,
        reject: false,
      });
    const real = render(chart, '--repo', repository, '--version', version);
    if (!real.failed) return { yaml: real.stdout, origin: `${repository} ${version}` };
    const standIn = render(STAND_IN);
    if (standIn.failed) throw new Error(`helm cannot render ${STAND_IN}: ${standIn.stderr}`);
    return { yaml: standIn.stdout, origin: undefined };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
