/** Synthesized stacks of every state of a catalogue; environments that stay equal are synthesized once. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { serialize } from 'node:v8';
import { writeThroughGate } from '../../gated-output';
import { LOCKS_FOLDER } from '../../model/provider-locks';
import type { Catalogue, Environment } from '../../model/environment';
import type { SynthesizedJson } from '../../model/review/synthesized';
import { addEnvironment } from '../../stacks';
import { readJsonFile } from '../../tools/json-file';
import type { Synthesis } from '../../tools/synthesis';
import { projectRoot } from '../support/project-root';

interface Manifest {
  readonly stacks: Readonly<Record<string, object>>;
}

export class SynthesisCache {
  private readonly loaded = new Map<string, Synthesis>();

  private readonly folder: string;

  /** @param folder that later runs may use again; what another program has synthesized stays unused */
  constructor(folder: string) {
    this.folder = join(folder, programKey());
    mkdirSync(this.folder, { recursive: true });
  }

  private outputOf(environment: Environment): string {
    const target = join(this.folder, keyOf(environment));
    if (existsSync(target)) return target;
    const draft = `${target}.${process.pid}`;
    rmSync(draft, { recursive: true, force: true });
    writeThroughGate({
      outdir: draft,
      locks: LOCKS_FOLDER,
      isProduction: () => environment.production,
      build: (app) => addEnvironment(app, environment),
    });
    renameSync(draft, target);
    return target;
  }

  /**
   * Stacks of all environments, by id.
   *
   * @throws GateError with every violation
   */
  async stacksOf({ environments }: Catalogue): Promise<Synthesis> {
    const stacks = [];
    for (const environment of environments) {
      stacks.push(...this.read(this.outputOf(environment)));
      // Lets the gate stop listening to signals.
      for (let turn = 0; turn < 3; turn += 1) await setImmediate();
    }
    return new Map(stacks);
  }

  /** Links the stacks of all environments into one output folder, as `npm run synth` would have written them. */
  link({ environments }: Catalogue, folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'stacks'), { recursive: true });
    const manifests = environments.map((environment) => {
      const output = this.outputOf(environment);
      const manifest = readJsonFile<Manifest>(join(output, 'manifest.json'));
      for (const id of Object.keys(manifest.stacks))
        symlinkSync(join(output, 'stacks', id), join(folder, 'stacks', id));
      return manifest;
    });
    const stacks = Object.assign({}, ...manifests.map(({ stacks }) => stacks)) as Manifest['stacks'];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...manifests[0], stacks }));
  }

  /**
   * Writes the stacks of the environments into a folder that runs of jest share, where the tests find them instead of
   * synthesizing them again.
   */
  shareWithTests({ environments }: Pick<Catalogue, 'environments'>, folder: string): void {
    mkdirSync(folder, { recursive: true });
    for (const environment of environments) {
      const output = this.outputOf(environment);
      const stacks = [...this.read(output)].map(([id, stack]) => [id, withoutMetadata(stack)]);
      writeFileSync(join(folder, `${basename(output)}.json`), JSON.stringify(stacks));
    }
  }

  private read(output: string): Synthesis {
    const known = this.loaded.get(output);
    if (known !== undefined) return known;
    const { stacks } = readJsonFile<Manifest>(join(output, 'manifest.json'));
    const synthesis = new Map(
      Object.keys(stacks).map((id) => [
        id,
        JSON.parse(readFileSync(join(output, 'stacks', id, 'cdk.tf.json'), 'utf8')) as SynthesizedJson,
      ]),
    );
    // Two states of a shop are compared at a time.
    if (this.loaded.size > 20) this.loaded.clear();
    this.loaded.set(output, synthesis);
    return synthesis;
  }
}

function keyOf(environment: Environment): string {
  return createHash('sha256').update(serialize(environment)).digest('hex');
}

/** cdktf's version and the constructs' paths are not deployed, and tests do not see them. */
function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === '//' ? [] : [[key, withoutMetadata(inner)]])),
  );
}

/** Of everything that decides what is synthesized from an environment. */
function programKey(): string {
  const dist = join(projectRoot(), 'dist');
  const hash = createHash('sha256');
  for (const name of ['gated-output.js', 'stacks', 'constructs', 'model'])
    for (const file of filesIn(join(dist, name))) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return (
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      // Reviews read what was synthesized.
      .filter((file) => !file.includes('/model/review/'))
      .sort()
  );
}
