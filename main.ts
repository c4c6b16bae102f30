import { OutputError, writeThroughGate, type WrittenStack } from './gated-output';
import { loadCatalogue } from './model/catalogue/load';
import { GateError } from './model/gate';
import { stackId, STACK_NAMES } from './model/naming';
import { LOCKS_FOLDER } from './model/provider-locks';
import { machineFailureOf } from './model/source/machine-failure';
import { choices } from './model/source/suggest';
import { CatalogueError, formatViolation } from './model/source/violation';
import { addEnvironment } from './stacks';

/**
 * Loads the catalogue and writes every stack of every environment. Writes nothing if there is an error in the
 * catalogue, or if a stack fails the gate.
 *
 * @param only names of the environments to write, for commands that need one; all if empty
 */
function main(only: readonly string[]): void {
  const started = performance.now();
  const catalogue = loadCatalogue(
    process.env['MESH_CONFIG'] ?? 'mesh-config',
    new Date().toISOString().slice(0, 10),
  );
  const environments = catalogue.environments.filter(({ name }) => only.length === 0 || only.includes(name));
  const names = catalogue.environments.map(({ name }) => name);
  for (const name of only)
    if (!names.includes(name))
      throw new OutputError(`unknown environment '${name}'; ${choices(name, names)}`);
  for (const warning of catalogue.warnings) console.error(`warning: ${formatViolation(warning)}`);
  const production = environments
    .filter((environment) => environment.production)
    .flatMap(({ name }) => STACK_NAMES.map((stack) => stackId(name, stack)));
  const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const written = writeThroughGate({
    outdir,
    locks: LOCKS_FOLDER,
    isProduction: (id) => production.includes(id),
    build: (app) => {
      for (const environment of environments) addEnvironment(app, environment);
    },
  });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  for (const { name } of environments) console.log(summaryOf(name, written));
  console.log(`written to ${outdir} in ${seconds} s`);
}

/** `dev: 5 stacks, 512 resources (dev-network 64, …)`. */
function summaryOf(environment: string, written: readonly WrittenStack[]): string {
  const ids = STACK_NAMES.map((name) => stackId(environment, name));
  const own = written.filter(({ id }) => ids.includes(id));
  const resources = own.reduce((sum, stack) => sum + stack.resources, 0);
  const each = own.map((stack) => `${stack.id.slice(environment.length + 1)} ${stack.resources}`);
  return `${environment}: ${own.length} stacks, ${resources} resources (${each.join(', ')})`;
}

/**
 * cdktf records the call stack of every construct. Starting from the event loop removes the frames of the module
 * loader, which matters in a mesh with 100,000 constructs.
 */
setImmediate(() => {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    const isUserError =
      error instanceof CatalogueError || error instanceof GateError || error instanceof OutputError;
    const message = isUserError ? error.message : machineFailureOf(error);
    if (message === undefined) throw error;
    console.error(message);
    process.exitCode = 1;
  }
});
