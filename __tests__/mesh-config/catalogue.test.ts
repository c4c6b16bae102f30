import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeThroughGate } from '../../gated-output';
import { stackId, STACK_NAMES } from '../../model/naming';
import { LOCKS_FOLDER } from '../../model/provider-locks';
import { formatViolation } from '../../model/source/violation';
import { addEnvironment } from '../../stacks';
import { ownCatalogue } from './own-catalogue';

const { environments, violations } = ownCatalogue();

test('no rule is violated', () => {
  expect(violations.map(formatViolation)).toEqual([]);
});

test('the stacks pass the gate', () => {
  const production = environments
    .filter((environment) => environment.production)
    .flatMap(({ name }) => STACK_NAMES.map((stack) => stackId(name, stack)));
  const outdir = mkdtempSync(join(tmpdir(), 'mesh-config-'));
  try {
    writeThroughGate({
      outdir,
      locks: LOCKS_FOLDER,
      isProduction: (id) => production.includes(id),
      build: (app) => {
        for (const environment of environments) addEnvironment(app, environment);
      },
    });
    expect(readdirSync(join(outdir, 'stacks'))).toHaveLength(environments.length * STACK_NAMES.length);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
