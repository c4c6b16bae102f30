/** `npm run verify -- <command>`: everything that tests the product beyond its unit tests. */
import { join } from 'node:path';
import { Command } from 'commander';
import { pointErrorsToHelp, runProgram } from '../tools/command-line';
import { addCatalogue } from './commands/catalogue';
import { addCloudLab } from './commands/cloud-lab';
import { addLabs } from './commands/labs';
import { addRepository } from './commands/repository';
import { addTerraform } from './commands/terraform';
import { projectRoot } from './support/project-root';
import { log, Teardown } from './support/teardown';

/** They test the platform with services and environments of the reference shop. The others test the catalogue. */
const OF_THE_PLATFORM = [
  'canary-lab',
  'cloud-lab',
  'fuzz',
  'mutation',
  'rollback-controller',
  'terraform',
  'terraform-plan',
];

const program = new Command('verify').description(
  'Test the product beyond its unit tests. See verification/README.md. MESH_CONFIG names the folder of the ' +
    `catalogue, by default mesh-config, or the reference shop for ${OF_THE_PLATFORM.join(', ')}. ` +
    'CDKTF_OUTDIR names that of the synthesized stacks.',
);
for (const add of [addLabs, addCloudLab, addTerraform, addCatalogue, addRepository]) add(program);
program.hook('preAction', (_, action) => {
  if (OF_THE_PLATFORM.includes(topLevelName(action)))
    process.env['MESH_CONFIG'] ??= join(projectRoot(), '__tests__', 'catalogues', 'reference-shop');
});
pointErrorsToHelp(program, 'npm run verify --');

// The first Teardown installs the handlers of signals for every command.
new Teardown();
void runProgram(program, log);

/** `rollback-controller` for `rollback-controller plans`. */
function topLevelName(command: Command): string {
  return command.parent === null || command.parent === program
    ? command.name()
    : topLevelName(command.parent);
}
