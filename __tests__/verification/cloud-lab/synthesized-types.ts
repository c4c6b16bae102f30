import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue } from '../../../model/catalogue/load';
import { addEnvironment } from '../../../stacks';
import { shopCatalogue } from '../../../verification/cloud-lab/lab/shop';
import { COMBINATIONS, switchesOf } from '../../../verification/cloud-lab/switch-test/combinations';
import { writeSwitched } from '../../../verification/terraform/switches';
import { TODAY } from '../../support/catalogue-fixture';
import { synth } from '../../support/synth';

/** Types of the resources in the lab's shop, with every switch. */
export function synthesizedTypes(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'shop-types-'));
  try {
    const types = COMBINATIONS.flatMap((combination, index) => {
      const config = join(folder, String(index));
      writeSwitched(shopCatalogue(), config, 'dev', switchesOf(combination));
      const { environments } = loadCatalogue(config, TODAY);
      const stacks = synth((app) => environments.forEach((environment) => addEnvironment(app, environment)));
      return [...stacks.values()].flatMap(({ resource }) => Object.keys(resource ?? {}));
    });
    return [...new Set(types)].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
