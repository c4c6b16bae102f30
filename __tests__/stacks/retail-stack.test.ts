import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { RetailStack } from '../../stacks/retail-stack';
import { environmentNamed } from '../support/catalogues';
import { synth } from '../support/synth';

class ProbeStack extends RetailStack {
  constructor(scope: Construct, name: 'network' | 'data' = 'network') {
    super(scope, name, { environment: environmentNamed('dev') });
  }
}

const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

test('two constructs with the same address are an error', () => {
  expect(() =>
    synth((app) => {
      const stack = new ProbeStack(app);
      new Manifest(stack, 'cart-v1', { manifest });
      new Manifest(new Construct(stack, 'Cart'), 'V1', { manifest });
    }),
  ).toThrow(
    /'dev-network\/cart-v1' and 'dev-network\/Cart\/V1' have the same address 'kubernetes_manifest\.cart_v1'/,
  );
});

test('a cross-stack output has a valid Terraform name', () => {
  const stacks = synth((app) => {
    const producer = new ProbeStack(app);
    const network = new ComputeNetwork(producer, 'shop.vpc', { name: 'shop' });
    const consumer = new ProbeStack(app, 'data');
    new TerraformOutput(consumer, 'seen', { value: network.id });
  });

  const [name, ...others] = Object.keys(stacks.get('dev-network')?.output ?? {});
  expect(others).toEqual([]);
  expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
  expect(JSON.stringify(stacks.get('dev-data'))).toContain(`.outputs.${name}}`);
});
