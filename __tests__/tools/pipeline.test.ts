import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applySavedPlan, savePlan } from '../../tools/pipeline/saved-plan';
import { destroyEnvironment } from '../../tools/pipeline/teardown';
import { Terraform, type TerraformOptions } from '../../tools/pipeline/terraform';
import { selectStacks, wavesOf, type SynthesizedStack } from '../../tools/synthesized-stacks';
import { shop } from '../support/catalogues';

/** Each test starts Terraform several times. */
jest.setTimeout(60_000);

/** Real Terraform with its built-in resource: no provider, no cloud. */
const hasTerraform = spawnSync('terraform', ['version']).status === 0;
const withTerraform = hasTerraform ? test : test.skip;
if (!hasTerraform) process.stderr.write('no Terraform on the PATH: its tests are skipped\n');

test('Terraform is installed if the job expects it', () => {
  expect(hasTerraform || !process.env['TERRAFORM_EXPECTED']).toBe(true);
});

let work: string;
let output: string[];
let options: TerraformOptions;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'pipeline-'));
  output = [];
  options = { locks: join(work, 'locks'), log: (message) => output.push(message), quiet: true };
  delete process.env['CI'];
});

afterEach(() => rmSync(work, { recursive: true }));

function stackFolder(id: string, input: string): SynthesizedStack {
  const folder = join(work, 'stacks', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'cdk.tf.json'),
    JSON.stringify({
      terraform: {
        backend: { local: { path: join(work, `${id}.tfstate`) } },
        required_providers: { terraform: { source: 'terraform.io/builtin/terraform' } },
      },
      resource: {
        terraform_data: {
          marker: {
            input,
            provisioner: [
              { 'local-exec': { when: 'destroy', command: `echo ${id} >> ${join(work, 'destroyed')}` } },
            ],
          },
        },
      },
    }),
  );
  return { id, kind: id.replace(/^[a-z]+-/, ''), folder, dependencies: [] };
}

function markerIn(id: string): unknown {
  const state = JSON.parse(readFileSync(join(work, `${id}.tfstate`), 'utf8'));
  return state.resources[0]?.instances[0].attributes.input.value;
}

const environmentNamed = (name: string) =>
  shop.environments.find((environment) => environment.name === name)!;

describe('the order of the stacks', () => {
  const manifest = (stacks: Record<string, readonly string[]>) => {
    writeFileSync(
      join(work, 'manifest.json'),
      JSON.stringify({
        stacks: Object.fromEntries(
          Object.entries(stacks).map(([id, dependencies]) => [
            id,
            { workingDirectory: `stacks/${id}`, dependencies },
          ]),
        ),
      }),
    );
  };

  test('puts every stack after its dependencies, and independent ones into one wave', () => {
    manifest({
      'dev-mesh-policies': ['dev-data', 'dev-observability'],
      'dev-data': ['dev-cluster-and-asm'],
      'dev-observability': ['dev-cluster-and-asm'],
      'dev-cluster-and-asm': ['dev-network'],
      'dev-network': [],
      'dev-eu-network': [],
    });
    const waves = wavesOf(selectStacks(work, 'dev', []));

    expect(waves.map((wave) => wave.map(({ id }) => id))).toEqual([
      ['dev-network'],
      ['dev-cluster-and-asm'],
      ['dev-data', 'dev-observability'],
      ['dev-mesh-policies'],
    ]);
    expect(selectStacks(work, 'dev', ['mesh-policies', 'dev-network']).map(({ id }) => id)).toEqual([
      'dev-network',
      'dev-mesh-policies',
    ]);
  });

  test('fails for an unknown stack, or before synth', () => {
    expect(() => selectStacks(work, 'dev', [])).toThrow(/has no stack of 'dev'; run 'npm run synth' first/);
    manifest({ 'dev-network': [] });
    expect(() => selectStacks(work, 'dev', ['netwrok'])).toThrow(
      "unknown stack 'netwrok' of 'dev'; did you mean 'network'?",
    );
  });
});

describe('a saved plan', () => {
  withTerraform('is applied as approved, and only its owner can read it', async () => {
    const stack = stackFolder('dev-network', 'approved');
    const plans = join(work, 'plans');
    const record = await savePlan(stack, plans, options);
    stackFolder('dev-network', 'changed afterwards');

    expect(record).toMatchObject({ stack: 'dev-network', outcome: 'changes' });
    for (const file of ['dev-network.tfplan', 'dev-network.json'])
      expect(statSync(join(plans, file)).mode & 0o077).toBe(0);
    await applySavedPlan(stack, plans, record.sha256, options);
    expect(markerIn('dev-network')).toBe('approved');
    const again = await savePlan(stackFolder('dev-network', 'approved'), plans, options);
    expect(again.outcome).toBe('no changes');
  });

  withTerraform('is rejected if it is not the approved one', async () => {
    const stack = stackFolder('dev-network', 'approved');
    const plans = join(work, 'plans');
    const { sha256 } = await savePlan(stack, plans, options);
    appendFileSync(join(plans, 'dev-network.tfplan'), ' ');

    await expect(applySavedPlan(stack, plans, sha256, options)).rejects.toThrow(
      /is not the approved plan; plan again and have the new plan approved/,
    );
    expect(existsSync(join(work, 'dev-network.tfstate'))).toBe(false);
  });

  withTerraform('is rejected by Terraform if the state has changed since', async () => {
    const plans = join(work, 'plans');
    const first = await savePlan(stackFolder('dev-network', 'one'), plans, options);
    const other = join(work, 'others');
    await savePlan(stackFolder('dev-network', 'two'), other, options);
    await applySavedPlan(stackFolder('dev-network', 'two'), other, undefined, options);

    await expect(
      applySavedPlan(stackFolder('dev-network', 'one'), plans, first.sha256, options),
    ).rejects.toThrow('dev-network: terraform apply failed');
    expect(markerIn('dev-network')).toBe('two');
  });

  test('must exist', async () => {
    await expect(applySavedPlan(stackFolder('dev-data', 'x'), work, undefined, options)).rejects.toThrow(
      /dev-data\.tfplan' is missing; run 'npm run plan' first/,
    );
  });
});

test('a pipeline rejects local state', async () => {
  process.env['CI'] = 'true';

  await expect(new Terraform(stackFolder('prod-network', 'x'), options).init()).rejects.toThrow(
    "'prod-network' has local state, which a pipeline would lose; set 'state: { backend: gcs, bucket: … }' in the environment file",
  );
});

withTerraform('a stack without a provider lock file reports how to write one', async () => {
  await new Terraform(stackFolder('dev-data', 'x'), options).init();
  expect(output).toEqual(["dev-data: no provider lock file; write it with 'npm run locks'"]);
});

withTerraform('Terraform uses a committed lock file', async () => {
  const stack = stackFolder('dev-data', 'x');
  mkdirSync(options.locks);
  writeFileSync(join(options.locks, 'terraform.hcl'), '# agreed versions\n');
  await new Terraform(stack, options).init();

  expect(output).toEqual([]);
  expect(readFileSync(join(stack.folder, '.terraform.lock.hcl'), 'utf8')).toContain('# agreed versions');
});

describe('destroying an environment', () => {
  const built = async () => {
    const stacks = [stackFolder('dev-network', 'x'), stackFolder('dev-data', 'x')];
    for (const stack of stacks) {
      await savePlan(stack, join(work, 'plans'), options);
      await applySavedPlan(stack, join(work, 'plans'), undefined, options);
    }
    return stacks;
  };
  const answering =
    (...answers: string[]) =>
    () =>
      Promise.resolve(answers.shift() ?? '');

  withTerraform('destroys the stacks in reverse order after its name is typed', async () => {
    await destroyEnvironment(environmentNamed('dev'), await built(), answering('dev'), options);

    expect(readFileSync(join(work, 'destroyed'), 'utf8')).toBe('dev-data\ndev-network\n');
  });

  withTerraform.each([
    ['another name', 'dev', ['staging']],
    ['no answer', 'dev', []],
    ['only the name of production', 'prod', ['prod']],
    ['production and the wrong project', 'prod', ['prod', 'shop-dev-example']],
  ])('destroys nothing after %s', async (_, name, answers) => {
    const stacks = await built();

    await expect(
      destroyEnvironment(environmentNamed(name), stacks, answering(...answers), options),
    ).rejects.toThrow(/nothing has been destroyed/);
    expect(existsSync(join(work, 'destroyed'))).toBe(false);
  });
});
