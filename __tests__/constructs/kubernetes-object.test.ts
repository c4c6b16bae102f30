import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Lazy, Token, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { KubernetesObject } from '../../constructs/kubernetes-object';
import { objectsOf, synth } from '../support/synth';

function synthObject(
  data: Record<string, unknown>,
  edit: (object: KubernetesObject) => void = () => undefined,
) {
  const stacks = synth((app: Construct) => {
    const stack = new TerraformStack(app, 'test');
    new KubernetesProvider(stack, 'kubernetes');
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data };
    edit(new KubernetesObject(stack, 'config', config));
  });
  return [...objectsOf(stacks.get('test')).values()].map((object) => object as unknown);
}

test('an object reaches Terraform unchanged', () => {
  const data = { text: 'a#{b}', count: 0, list: [], deep: { yes: true, none: null, huge: 1e21 } };
  expect(synthObject(data)).toEqual([expect.objectContaining({ data })]);
});

test('texts that look like a template reach Kubernetes as they are', () => {
  // Terraform removes one character before each brace, however many there are.
  const data = { a: '${x}', b: '$${x}', c: ['%{if}'], '${k}': 'v', d: '$x {y}' };
  expect(synthObject(data)).toEqual([
    expect.objectContaining({
      data: { a: '$${x}', b: '$$${x}', c: ['%%{if}'], '$${k}': 'v', d: '$x {y}' },
    }),
  ]);
});

test('an override changes one value of the object only', () => {
  const [object] = synthObject({ a: '1', b: '2' }, (config) => config.addOverride('manifest.data.b', '3'));
  expect(object).toMatchObject({ kind: 'ConfigMap', data: { a: '1', b: '3' } });
});

test.each([
  ['text', Lazy.stringValue({ produce: () => 'x' })],
  ['number', Lazy.numberValue({ produce: () => 1 })],
  ['list', Lazy.listValue({ produce: () => ['x'] })],
  ['map', Token.asAnyMap(Lazy.anyValue({ produce: () => ({}) }))],
  ['object', Lazy.anyValue({ produce: () => ({}) })],
])('a token of type %s is rejected with the id of the object', (_kind, token) => {
  expect(() => synthObject({ token })).toThrow(
    'test/config: contains a cdktf token; use plain values or replaceLeaves',
  );
});
