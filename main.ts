import { App } from 'cdktf';
import { loadCatalogue } from './model/catalogue/load';
import { CatalogueError, formatFault } from './model/source/fault';
import { addEnvironment } from './stacks';

/** Reads the catalogue and writes every stack of every environment; nothing is written if a line is wrong. */
function main(): void {
  const { environments, warnings } = loadCatalogue(
    process.env['MESH_CONFIG'] ?? 'mesh-config',
    new Date().toISOString().slice(0, 10),
  );
  for (const warning of warnings) console.error(`warning: ${formatFault(warning)}`);
  const app = new App();
  for (const environment of environments) addEnvironment(app, environment);
  app.synth();
}

/**
 * cdktf records the whole call stack of every construct, so each frame is paid for a hundred thousand times in
 * a large mesh. Started from the event loop, the stack lacks those of the module loader.
 */
setImmediate(() => {
  try {
    main();
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
});
