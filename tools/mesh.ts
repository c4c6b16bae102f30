import { Command } from 'commander';
import { loadCatalogue } from '../model/catalogue/load';
import type { Catalogue, Environment } from '../model/environment';
import type { Service } from '../model/service';
import { CatalogueError } from '../model/source/fault';
import { choices } from '../model/source/suggest';
import { renderGraph, GRAPH_FORMATS, type GraphFormat } from './commands/graph';
import { readManifests } from './commands/manifests';
import { renderService } from './commands/show';
import { renderSummary } from './commands/validate';
import { UsageError } from './usage-error';

const program = new Command('mesh')
  .description('Asks the catalogue of the mesh. MESH_CONFIG names its folder, CDKTF_OUTDIR that of synth.')
  .showHelpAfterError();

program
  .command('validate')
  .description('reports every fault of the catalogue')
  .action(() => print(renderSummary(catalogue())));

program
  .command('show <service>')
  .description('what a service is, whom it calls, who calls it, and how')
  .option('--env <environment>', 'environment', 'prod')
  .option('--json', 'for programs')
  .action((name: string, options: { env: string; json?: true }) => {
    const environment = environmentNamed(options.env);
    const service = serviceNamed(environment, name);
    print(options.json ? JSON.stringify(service, null, 2) : renderService(environment, service));
  });

program
  .command('graph')
  .description('the call graph as a picture')
  .option('--env <environment>', 'environment', 'prod')
  .option('--format <format>', GRAPH_FORMATS.join(', '), 'mermaid')
  .action((options: { env: string; format: string }) => {
    const format = GRAPH_FORMATS.find((known): known is GraphFormat => known === options.format);
    if (format === undefined)
      throw new UsageError(`'${options.format}' is no format; ${choices(options.format, GRAPH_FORMATS)}`);
    print(renderGraph(environmentNamed(options.env), format));
  });

program
  .command('manifests')
  .description('the Kubernetes objects of the synthesized JSON, as YAML')
  .requiredOption('--env <environment>', 'environment')
  .option('--stack <name>', 'one stack only, such as mesh-policies')
  .action((options: { env: string; stack?: string }) => {
    print(
      readManifests(
        process.env['CDKTF_OUTDIR'] ?? 'cdktf.out',
        environmentNamed(options.env).name,
        options.stack,
      ),
    );
  });

function catalogue(): Catalogue {
  return loadCatalogue(process.env['MESH_CONFIG'] ?? 'mesh-config');
}

function environmentNamed(name: string): Environment {
  const { environments } = catalogue();
  const found = environments.find((environment) => environment.name === name);
  if (found) return found;
  throw new UsageError(
    `'${name}' is no environment; ${choices(
      name,
      environments.map((environment) => environment.name),
    )}`,
  );
}

function serviceNamed(environment: Environment, name: string): Service {
  const found = environment.services.find((service) => service.name === name);
  if (found) return found;
  throw new UsageError(
    `'${name}' is no service; ${choices(
      name,
      environment.services.map((service) => service.name),
    )}`,
  );
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  program.parse();
} catch (error) {
  if (!(error instanceof CatalogueError || error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
