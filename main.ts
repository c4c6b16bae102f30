import { writeThroughGate } from './gated-output';
import { loadCatalogue } from './model/catalogue/load';
import { GateError } from './model/gate';
import { stackId, STACK_NAMES } from './model/naming';
import { LOCKS_FOLDER } from './model/provider-locks';
import { CatalogueError, formatViolation } from './model/source/violation';
import { addEnvironment } from './stacks';

/**
 * Loads the catalogue and writes every stack of every environment. Writes nothing if there is an error in the
 * catalogue, or if a stack fails the gate.
 */
function main(): void {
  const { environments, warnings } = loadCatalogue(
    process.env['MESH_CONFIG'] ?? 'mesh-config',
    new Date().toISOString().slice(0, 10),
  );
  for (const warning of warnings) console.error(`warning: ${formatViolation(warning)}`);
  const production = environments
    .filter((environment) => environment.production)
    .flatMap(({ name }) => STACK_NAMES.map((stack) => stackId(name, stack)));
  writeThroughGate({
    outdir: process.env['CDKTF_OUTDIR'] ?? 'cdktf.out',
    locks: LOCKS_FOLDER,
    isProduction: (id) => production.includes(id),
    build: (app) => {
      for (const environment of environments) addEnvironment(app, environment);
    },
  });
}

/**
 * cdktf records the call stack of every construct. Starting from the event loop removes the frames of the module
 * loader, which matters in a mesh with 100,000 constructs.
 */
setImmediate(() => {
  try {
    main();
  } catch (error) {
    if (!(error instanceof CatalogueError || error instanceof GateError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
});
