import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectUntrusted, untrustedIn } from '../../tools/pipeline/trusted';
import { stacksOfWave } from '../../tools/synthesized-stacks';
import { environmentNamed, shop } from '../support/catalogues';
import { synthEnvironment } from '../support/synth';

let work: string;

beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'trusted-'));
});

afterEach(() => rmSync(work, { recursive: true }));

/** Writes prod's network stack as cdktf does. */
function synthesis(id: string): string {
  mkdirSync(join(work, 'stacks', id), { recursive: true });
  const json = synthEnvironment(environmentNamed('prod')).get('prod-network');
  writeFileSync(join(work, 'stacks', id, 'cdk.tf.json'), JSON.stringify(json));
  const stacks = { [id]: { workingDirectory: `stacks/${id}`, dependencies: [] } };
  writeFileSync(join(work, 'manifest.json'), JSON.stringify({ stacks }));
  return work;
}

describe('a stack that is planned with credentials', () => {
  const PROJECT = 'shop-prod-example';
  const stacks = [...synthEnvironment(environmentNamed('prod'))] as [string, any][];

  test('may contain everything that synth writes, in every environment', () => {
    for (const environment of shop.environments)
      for (const [id, json] of synthEnvironment(environment))
        expect([id, untrustedIn(json, environment.project.id)]).toEqual([id, undefined]);
  });

  /** An observability stack, which has every provider, changed as an attacker could. */
  const changed = (change: (json: any) => void) => {
    const json = structuredClone(stacks.find(([id]) => id === 'prod-observability')?.[1]);
    change(json);
    return json as unknown;
  };

  test.each<[string, (json: any) => void, string | RegExp]>([
    ['a program that runs at plan', (json) => (json.data.external = { x: {} }), 'data.external'],
    ['an HTTP request at plan', (json) => (json.data.http = { x: {} }), 'data.http'],
    [
      'a resource of another provider',
      (json) => (json.resource.null_resource = {}),
      'resource.null_resource',
    ],
    ['an ephemeral resource', (json) => (json.ephemeral = { random_password: {} }), 'ephemeral'],
    ['a module', (json) => (json.module = { any: { source: 'git::https://elsewhere.example' } }), 'module'],
    [
      'a provider of the same name from another source',
      (json) => (json.terraform.required_providers.google.source = 'evil.example/x/google'),
      'terraform.required_providers.google.source',
    ],
    [
      'a provider in a second terraform block',
      (json) => (json.terraform = [json.terraform, { required_providers: { x: { source: 'evil/x' } } }]),
      'terraform',
    ],
    ['another state backend', (json) => (json.terraform.backend = { http: {} }), 'terraform.backend'],
    [
      'a login program of the Kubernetes provider',
      (json) => (json.provider.kubernetes[0].exec[0].command = 'bash'),
      'provider.kubernetes.0.exec.0.command',
    ],
    [
      'a login program of the Helm provider',
      (json) => (json.provider.helm[0].kubernetes.exec.args = ['-c', 'id']),
      'provider.helm.0.kubernetes.exec.args',
    ],
    [
      'an endpoint that would receive the token',
      (json) => (json.provider.google[0].compute_custom_endpoint = 'https://evil.example'),
      'provider.google.0.compute_custom_endpoint',
    ],
    [
      'another cluster',
      (json) => (json.provider.kubernetes[0].host = 'https://evil.example'),
      'provider.kubernetes.0.host',
    ],
    [
      'a cluster of another project',
      (json) => (json.data.google_container_cluster.cluster_cluster.project = 'evil'),
      'data.google_container_cluster.cluster_cluster.project',
    ],
    ['another project', (json) => (json.provider.google[0].project = 'evil'), 'provider.google.0.project'],
    [
      'another provider for a resource',
      (json) => (json.data.google_container_cluster.cluster_cluster.provider = 'external.z'),
      'data.google_container_cluster.cluster_cluster.provider',
    ],
    [
      'a chart that is rendered at plan',
      (json) => (json.data.helm_template = { x: {} }),
      'data.helm_template',
    ],
    [
      'a post-renderer of a chart',
      (json) => (json.resource.helm_release = { x: { postrender: {} } }),
      'resource.helm_release.x.postrender',
    ],
    [
      'an output with a default of its own',
      (json) =>
        (json.data.terraform_remote_state = {
          x: { backend: 'local', config: { path: 'p' }, defaults: { channel: 'projects/p/other' } },
        }),
      'data.terraform_remote_state.x.defaults.channel',
    ],
    [
      'remote state over HTTP',
      (json) => (json.data.terraform_remote_state = { x: { backend: 'http', config: {} } }),
      'data.terraform_remote_state.x.backend',
    ],
    [
      'a local file',
      (json) => (json.output = { x: { value: '${file("/proc/self/environ")}' } }),
      '${file("/proc/self/environ")}',
    ],
    ['a local value that is no weight', (json) => (json.locals = { x: { y: 10 } }), 'locals.x'],
    [
      'a local file in a key',
      (json) => (json.output = { x: { '%{ if fileexists ("x") }y%{ endif }': 1 } }),
      /fileexists/,
    ],
  ])('must not contain %s', (_, change, path) => {
    expect(untrustedIn(changed(change), PROJECT)).toEqual(
      typeof path === 'string' ? path : expect.stringMatching(path),
    );
  });

  test.each<[string, (json: any) => void]>([
    ['another block of terraform', (json) => (json.terraform.cloud = {})],
    ['two backends', (json) => (json.terraform.backend = { gcs: { bucket: 'b', prefix: 'p' }, http: {} })],
    [
      'a backend with credentials',
      (json) => (json.terraform.backend = { gcs: { bucket: 'b', prefix: 'p', access_token: 'x' } }),
    ],
    [
      'a local backend in another folder',
      (json) => (json.terraform.backend = { local: { path: 'p', workspace_dir: '/' } }),
    ],
    ['aliases of a provider', (json) => (json.terraform.required_providers.google.x = ['google.y'])],
    ['another provider block', (json) => (json.provider.external = [{}])],
    ['a proxy for the cluster', (json) => (json.provider.kubernetes[0].proxy_url = 'https://evil.example')],
    ['a registry for charts', (json) => (json.provider.helm[0].registries = [{ url: 'oci://evil' }])],
    ['a proxy for charts', (json) => (json.provider.helm[0].kubernetes.proxy_url = 'https://evil.example')],
    [
      'remote state with another setting',
      (json) =>
        (json.data.terraform_remote_state = {
          x: { backend: 'gcs', config: { bucket: 'b', prefix: 'p' }, provider: 'p' },
        }),
    ],
    [
      'remote state with credentials',
      (json) =>
        (json.data.terraform_remote_state = {
          x: { backend: 'gcs', config: { bucket: 'b', prefix: 'p', credentials: 'x' } },
        }),
    ],
    [
      'local remote state with another setting',
      (json) => (json.data.terraform_remote_state = { x: { backend: 'local', config: { path: 'p', x: 1 } } }),
    ],
    ['a move with another attribute', (json) => (json.moved = [{ from: 'a', to: 'b', provider: 'x' }])],
    ['a template from a file', (json) => (json.locals = { x: '${templatefile("x", {})}' })],
    ['a template from a text', (json) => (json.locals = { x: '${templatestring(local.y, {})}' })],
    ['a function of a provider', (json) => (json.locals = { x: '${provider::any::run("x")}' })],
    ['a local file after a comment', (json) => (json.locals = { x: '${file/**/("x")}' })],
    [
      'a local file after a comment to the end of the line',
      (json) => (json.locals = { x: '${file//\n("x")}' }),
    ],
    ['a local file after a comment with #', (json) => (json.locals = { x: '${filebase64 #\n("x")}' })],
    [
      'a function of a provider after a comment',
      (json) => (json.locals = { x: '${provider /**/::any::run("x")}' }),
    ],
  ])('must not contain %s either', (_, change) => {
    expect(untrustedIn(changed(change), PROJECT)).toBeDefined();
  });

  test('may contain the same text where Terraform does not evaluate it', () => {
    expect(
      untrustedIn(
        changed((json) => (json.output = { x: { value: '$${file("x")}' } })),
        PROJECT,
      ),
    ).toBe(undefined);
  });

  test.each(['evil.tf', 'evil.tofu', 'override.tf.json', 'terraform.tfvars', 'x.auto.tfvars.json'])(
    'must not have the file %s beside it',
    (name) => {
      const folder = join(synthesis('prod-network'), 'stacks', 'prod-network');
      const stack = { id: 'prod-network', kind: 'network', folder, dependencies: [] } as const;
      expect(() => rejectUntrusted(stack, PROJECT)).not.toThrow();
      writeFileSync(join(folder, name), '');

      expect(() => rejectUntrusted(stack, PROJECT)).toThrow(
        `'prod-network' contains ${name}, which synth does not write`,
      );
    },
  );

  test('must be in the folder of its name', () => {
    const folder = synthesis('dev-network');
    const manifest = join(folder, 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('stacks/dev-network', '../elsewhere'));

    expect(() => stacksOfWave(folder, 'dev', 1)).toThrow("at '../elsewhere' instead of 'stacks/dev-network'");
  });
});
