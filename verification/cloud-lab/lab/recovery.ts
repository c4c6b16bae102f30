/** Recovers from an interrupted apply by the steps of docs/runbooks/interrupted-apply.md. */
import type { Environment } from '../../../model/environment';
import { selectStacks } from '../../../tools/synthesized-stacks';
import { LabError } from '../../support/errors';
import type { CommandResult } from './pipeline';
import type { CloudRig } from './rig';
import { ImportIds } from './import-id';
import { commandWords, RunbookPage } from './runbook';

/** Collections whose names Google chooses, with the command that lists them, in the order of their deletion. */
const NAMED_BY_GOOGLE: readonly (readonly [collection: string, command: string])[] = [
  ['alertPolicies', 'gcloud monitoring policies delete'],
  ['notificationChannels', 'gcloud beta monitoring channels delete'],
  ['dashboards', 'gcloud monitoring dashboards delete'],
];
const ALREADY_EXISTS = /already\s+exists|exists\s+already|already\s+been\s+created|ALREADY_EXISTS/;
const ATTEMPTS = 6;

export class Recovery {
  private readonly runbook = new RunbookPage('interrupted-apply');
  private readonly report: string[] = [];

  constructor(
    private readonly rig: CloudRig,
    private readonly environment: Environment,
    private readonly stack: string,
  ) {}

  /** @returns what was done, for the report */
  async run(): Promise<string> {
    const outside = this.outsideOfStates();
    if (outside.length > 0) this.report.push(`${outside.length} resources outside of the state`);
    await this.releaseLock();
    await this.untaint();
    await this.applyAndImport();
    await this.removeDuplicates();
    if ((await this.rig.pipeline.drift([this.stack])).length > 0)
      throw new LabError('the plan after the recovery is not empty');
    const left = this.outsideOfStates();
    if (left.length > 0) throw new LabError(`still outside of the state: ${left.join(', ')}`);
    return this.report.join('; ');
  }

  /** Step 1. The command must not wait, must fail, and must name the lock. */
  private async releaseLock(): Promise<void> {
    const { pipeline } = this.rig;
    const words = this.words('npm run plan', '--lock-timeout');
    const options = words.slice(words.indexOf('--lock-timeout'));
    const { status, output } = await pipeline.tryPlan([this.stack], options);
    if (status === 0) return;
    const [, id] = /Error acquiring the state lock[\s\S]*?ID:\s+(\S+)/.exec(output.replace(/│/g, ' ')) ?? [];
    if (status !== 1 || id === undefined)
      throw new LabError(`the plan fails with ${status}, and not by the lock:\n${output.slice(-1_500)}`);
    await this.terraform('force-unlock', { ID: id });
    this.report.push('lock released');
  }

  /** Step 2: a tainted resource that exists is kept. */
  private async untaint(): Promise<void> {
    const tainted = this.rig.pipeline
      .stateOf(this.stack)
      .read()
      .resources.flatMap(({ type, name, instances }) =>
        instances.some(({ status }) => status === 'tainted') ? [`${type}.${name}`] : [],
      );
    for (const address of tainted) await this.terraform('untaint', { ADDRESS: address });
    if (tainted.length > 0) this.report.push(`untainted: ${tainted.join(', ')}`);
  }

  /** Steps 2 and 3. */
  private async applyAndImport(): Promise<void> {
    const { pipeline, outputFolder } = this.rig;
    const { project, region } = this.environment;
    const [{ folder = '' } = {}] = selectStacks(outputFolder, this.environment.name, [this.stack]);
    const place = { projectId: project.id, projectNumber: project.number, region };
    const ids = new ImportIds(this.runbook.importIds, place, folder);
    const imported: string[] = [];
    for (let attempt = 1; ; attempt += 1) {
      await pipeline.plan([this.stack]);
      const result = await pipeline.tryApply([this.stack]);
      if (result.status === 0) break;
      const addresses = existingAddresses(result);
      if (attempt === ATTEMPTS) throw new LabError(`not complete after ${ATTEMPTS} applies`);
      for (const address of addresses)
        await this.terraform('import', { ADDRESS: address, IMPORT_ID: ids.of(address) });
      imported.push(...addresses);
    }
    if (imported.length > 0) this.report.push(`imported: ${imported.join(', ')}`);
  }

  /** Step 4. */
  private async removeDuplicates(): Promise<void> {
    const states = JSON.stringify(
      this.rig.pipeline.waves.flat().map((stack) => [...this.rig.pipeline.stateOf(stack).managed().values()]),
    );
    const { projectId } = this.rig.cloud.world;
    for (const [collection, command] of NAMED_BY_GOOGLE) {
      const path = `projects/${projectId}/${collection}`;
      const duplicates = this.rig.cloud.world
        .children('monitoring', path)
        .map(({ name }) => String(name))
        .filter((name) => !states.includes(name));
      for (const name of duplicates) {
        // Fails if the page does not have the command.
        const words = commandWords(this.runbook.command(command), { NAME: name, P: projectId });
        const version = collection === 'dashboards' ? 'v1' : 'v3';
        await this.rig.request(
          'apply',
          'DELETE',
          'monitoring.googleapis.com',
          `/${version}/${words[4] ?? name}`,
        );
      }
      if (duplicates.length > 0) this.report.push(`deleted: ${duplicates.length} ${collection}`);
    }
  }

  /** Resources of the project that no state names, by their keys. */
  private outsideOfStates(): string[] {
    const { cloud, pipeline } = this.rig;
    const states = JSON.stringify(
      pipeline.waves.flat().map((stack) => [...pipeline.stateOf(stack).managed().values()]),
    );
    return cloud.world
      .entries()
      .map(([key]) => key)
      .filter((key) => !states.includes(key.slice(key.lastIndexOf('/') + 1)));
  }

  private async terraform(command: string, values: Readonly<Record<string, string>>): Promise<void> {
    const start = `terraform -chdir=cdktf.out/stacks/STACK ${command}`;
    const [, , ...args] = commandWords(this.runbook.command(start), { ...values, STACK: this.stack });
    // An import id may contain a space.
    const result = await this.rig.pipeline.terraform(this.stack, args);
    if (result.status !== 0)
      throw new LabError(`terraform ${args.join(' ')} failed:\n${result.output.slice(-1_500)}`);
  }

  private words(start: string, option: string): string[] {
    const command = this.runbook.commands.find((line) => line.startsWith(start) && line.includes(option));
    if (command === undefined) throw new LabError(`the runbook has no '${start} … ${option}'`);
    return commandWords(command, { ENVIRONMENT: this.environment.name, STACK: this.stack });
  }
}

/** @throws LabError if the apply failed for another reason */
function existingAddresses({ output }: CommandResult): string[] {
  const errors = output.split('Error: ').slice(1);
  const others = errors.filter((error) => !ALREADY_EXISTS.test(error.replace(/│/g, ' ')));
  if (errors.length === 0 || others.length > 0)
    throw new LabError(`the apply fails differently:\n${(others.join('\n') || output).slice(-2_000)}`);
  return errors.map((error) => /with ([^\s,]+),/.exec(error)?.[1] ?? '');
}
