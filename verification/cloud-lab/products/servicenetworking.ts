import type { ApiCall, Note } from '../engine/call';
import type { Engine } from '../engine/product';
import { lastSegment } from '../engine/json';
import type { Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import type { CloudState } from '../engine/world';

const RANGES = schemaText('servicenetworking.v1#Connection.reservedPeeringRanges');
const UPDATE = page('vpc/docs/configure-private-services-access#modifying-private-connection');

export const SERVICE_NETWORKING: Product = {
  methods: {
    'connections.create': connect,
    'connections.patch': (call, engine, note) => {
      const network = String(call.body['network']);
      if (engine.world.get('servicenetworking', nameOf(engine.world, network)) === undefined)
        invalid('Cannot modify allocated ranges: there is no connection', UPDATE);
      return connect(call, engine, note);
    },
    'connections.list': ({ query }, { world }) => {
      const connection = world.get('servicenetworking', nameOf(world, query.get('network') ?? ''));
      return { connections: connection === undefined ? [] : [connection] };
    },
  },
};

function connect(call: ApiCall, engine: Engine, note: Note): unknown {
  const { network = '', reservedPeeringRanges = [] } = call.body as {
    network?: string;
    reservedPeeringRanges?: readonly string[];
  };
  const { world } = engine;
  for (const range of reservedPeeringRanges) {
    const address = engine.read('compute', `projects/${world.projectId}/global/addresses/${range}`);
    if (address['purpose'] !== 'VPC_PEERING') invalid(`'${range}' is not reserved for VPC_PEERING`, RANGES);
  }
  const connection = {
    network,
    reservedPeeringRanges,
    peering: 'servicenetworking-googleapis-com',
    service: 'services/servicenetworking.googleapis.com',
  };
  return engine.replace(call, note, nameOf(world, network), connection, 'connect');
}

function nameOf({ projectId }: CloudState, network: string): string {
  return `projects/${projectId}/connections/${lastSegment(network)}`;
}
