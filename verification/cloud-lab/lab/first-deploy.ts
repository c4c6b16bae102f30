/** Executes docs/runbooks/first-deploy.md in an empty project, command by command. */
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import type { Environment } from '../../../model/environment';
import { LabError } from '../../support/errors';
import type { Results } from '../../support/results';
import { log } from '../../support/teardown';
import type { CloudState } from '../engine/world';
import { OperatorShell } from './operator-shell';
import { withoutRefusals } from './refusals';
import type { CloudRig } from './rig';
import { RunbookPage } from './runbook';

/** What `mesh bootstrap` says while the state is local; a person puts the line into the environment file. */
const STATE_LINE = /the state is still local; add '(state: [^']+)'/;

/** Commands that are not run: the packages are installed, and the project of the lab comes from bootstrap's commands. */
const DONE = [/^npm ci$/, /^npx mesh bootstrap --env \S+$/];

export class FirstDeploy {
  private readonly shell: OperatorShell;

  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly results: Results,
    /** Catalogue before the line about the state was added. */
    private readonly untouched: string,
  ) {
    this.shell = new OperatorShell(rig.folder, rig.variablesOf('apply'));
  }

  /** dev is deployed by cdktf's command line, the others by waves. */
  async run(): Promise<void> {
    const { name, project } = this.environment;
    const commands = commandsOf(name, this.rig.pipeline.waves);
    for (const command of commands.filter((line) => !DONE.some((pattern) => pattern.test(line)))) {
      const words = command.replace(/\bP\b/g, project.id);
      await this.step(command, () => this.execute(words));
    }
    await this.step('second plan', async () => {
      const { pipeline } = this.rig;
      const drifted = await pipeline.drift(pipeline.waves.flat());
      if (drifted.length > 0) throw new LabError(`the second plan of ${drifted.join(', ')} is not empty`);
    });
  }

  private async execute(command: string): Promise<void> {
    const { cloud } = this.rig;
    if (command.startsWith('npx mesh bootstrap')) {
      this.assertState(await this.shell.run(command, { MESH_CONFIG: this.untouched }));
      return;
    }
    if (OperatorShell.runs(command)) {
      await withoutRefusals(cloud.journal, async () => void (await this.shell.run(command)));
      return;
    }
    const [program, product, collection, verb, name = ''] = command.split(' ');
    const lookUp = [program, product, collection, verb].join(' ');
    if (lookUp === 'gcloud dns managed-zones describe')
      requireResource(cloud.world, 'dns', 'managedZones', name);
    else if (lookUp === 'gcloud secrets versions add')
      requireResource(cloud.world, 'secretmanager', 'secrets', name);
    else throw new LabError(`the lab cannot run '${command}'`);
  }

  /** The state that the rest of the page uses is the one that bootstrap proposes. */
  private assertState(output: string): void {
    const [, line = ''] = STATE_LINE.exec(output) ?? [];
    const { state } = (parse(line) ?? {}) as { state?: unknown };
    if (!isDeepStrictEqual(state, this.environment.state))
      throw new LabError(
        `bootstrap proposes '${line}', and the lab uses ${JSON.stringify(this.environment.state)}`,
      );
  }

  private async step(name: string, work: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await this.results.step(`first deploy of ${this.environment.name}`, name, work);
    log(`${this.environment.name}: ${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  }
}

/**
 * The page's commands for one environment. Those of the waves are written for the first wave of prod; the page repeats
 * them to the last wave.
 *
 * @param waves ids of the stacks, in waves
 */
export function commandsOf(environment: string, waves: readonly (readonly string[])[]): readonly string[] {
  const { commands } = new RunbookPage('first-deploy');
  const start = commands.indexOf('npm run synth');
  if (start < 0) throw new Error("the runbook does not start its waves with 'npm run synth'");
  if (environment === 'dev') return commands.slice(0, start);
  const preparation = commands.slice(0, start).filter((command) => /^(npm ci|npx mesh)/.test(command));
  const [synth = '', list = '', ...ofWave] = commands.slice(start);
  const repeated = waves.flatMap((stacks, index) =>
    ofWave.map((command) =>
      command
        .replace('--wave 1', `--wave ${index + 1}`)
        .replace(/plans\/prod-network\.json/, stacks.map((stack) => `plans/${stack}.json`).join(' ')),
    ),
  );
  return [...preparation, synth, list, ...repeated].map((command) =>
    command.replace(/--env (dev|prod)\b/, `--env ${environment}`),
  );
}

function requireResource(world: CloudState, api: string, collection: string, name: string): void {
  if (world.get(api, `projects/${world.projectId}/${collection}/${name}`) === undefined)
    throw new LabError(`'${name}' does not exist in ${collection}`);
}
