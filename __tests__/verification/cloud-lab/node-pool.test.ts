import { changedNodePool } from '../../../verification/cloud-lab/products/gke-cluster';
import { compileDocument } from '../../../verification/cloud-lab/discovery/document';

const document = compileDocument({
  name: 'container',
  version: 'v1',
  servicePath: '',
  parameters: {},
  schemas: {
    NodeConfig: {
      id: 'NodeConfig',
      type: 'object',
      properties: { machineType: { type: 'string' }, diskSizeGb: { type: 'integer' } },
    },
  },
  resources: {},
});
const pool = {
  name: 'default',
  locations: ['b'],
  version: '1',
  config: { machineType: 'small', diskSizeGb: 9 },
};
const changed = (body: Record<string, unknown>) => changedNodePool(pool, { body, document });

test('an update of a node pool changes the configuration of its nodes', () => {
  expect(changed({ machineType: 'large' })).toEqual({
    ...pool,
    config: { machineType: 'large', diskSizeGb: 9 },
  });
});

test('an update of a node pool changes the pool itself', () => {
  expect(changed({ locations: ['b', 'c'], nodeVersion: '2' })).toEqual({
    ...pool,
    locations: ['b', 'c'],
    version: '2',
  });
});
