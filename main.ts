import { writeThroughGate } from './gated-output';
import { loadCatalogue } from './model/catalogue/load';
import { GateError } from './model/gate';
import { stackId, STACK_NAMES } from './model/naming';
import { LOCKS_FOLDER } from './model/provider-locks';
import { CatalogueError, formatViolation } from './model/source/violation';
import { addEnvironment } from './stacks';

/** Reads the catalogue and writes every stack of every environment; nothing is written if a line is wrong, or the last gate refuses a stack. */
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
 * cdktf records the whole call stack of every construct, so each frame is paid for a hundred thousand times in
 * a large mesh. Started from the event loop, the stack lacks those of the module loader.
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
