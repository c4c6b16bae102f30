import { App } from 'cdktf';
import { loadCatalogue } from './model/catalogue/load';
import { CatalogueError } from './model/source/fault';
import { addEnvironment } from './stacks';

/** Reads the catalogue and writes every stack of every environment; nothing is written if a line is wrong. */
function main(): void {
  const { environments } = loadCatalogue(process.env['MESH_CONFIG'] ?? 'mesh-config');
  const app = new App();
  for (const environment of environments) addEnvironment(app, environment);
  app.synth();
}

try {
  main();
} catch (error) {
  if (!(error instanceof CatalogueError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
