/** `npm run verify -- <command>`: everything that tests the product beyond its unit tests. */
import { Command } from 'commander';
import { pointErrorsToHelp, runProgram } from '../tools/command-line';
import { addCatalogue } from './commands/catalogue';
import { addCloudLab } from './commands/cloud-lab';
import { addLabs } from './commands/labs';
import { addRepository } from './commands/repository';
import { addTerraform } from './commands/terraform';
import { log, Teardown } from './support/teardown';

const program = new Command('verify').description(
  'Test the product beyond its unit tests. See verification/README.md. MESH_CONFIG names the folder of the ' +
    'catalogue, CDKTF_OUTDIR that of the synthesized stacks.',
);
for (const add of [addLabs, addCloudLab, addTerraform, addCatalogue, addRepository]) add(program);
pointErrorsToHelp(program, 'npm run verify --');

// The first Teardown installs the handlers of signals for every command.
new Teardown();
void runProgram(program, log);
