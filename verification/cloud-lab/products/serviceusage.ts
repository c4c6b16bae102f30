import type { ApiCall } from '../engine/call';
import type { Engine } from '../engine/product';
import { lastSegment, type ApiObject } from '../engine/json';
import type { Product } from '../engine/product';
import type { CloudState } from '../engine/world';

export const SERVICE_USAGE: Product = {
  methods: {
    'services.list': (_call, { world }) => ({
      services: [...world.services].map((service) => render(world, service)),
    }),
    'services.get': ({ path }, { world }) => render(world, lastSegment(path)),
    'services.batchGet': ({ query }, { world }) => ({
      services: query.getAll('names').map((name) => render(world, lastSegment(name))),
    }),
    'services.enable': (call, engine) =>
      enable(call, engine, [lastSegment(call.path).replace(/:enable$/, '')]),
    'services.batchEnable': (call, engine) => enable(call, engine, call.body['serviceIds'] as string[]),
    'services.disable': (call, engine) => {
      engine.world.services.delete(lastSegment(call.path).replace(/:disable$/, ''));
      return finished(call, engine, {}, 'disable');
    },
  },
};

function enable(call: ApiCall, engine: Engine, services: readonly string[]): ApiObject {
  for (const service of services) engine.world.enable(service);
  return finished(call, engine, { services: services.map((name) => render(engine.world, name)) }, 'enable');
}

function finished(call: ApiCall, engine: Engine, response: ApiObject, type: string): ApiObject {
  return engine.operation(
    { world: engine.world, call, name: 'services', note: () => undefined },
    response,
    type,
  );
}

function render(world: CloudState, service: string): ApiObject {
  const parent = `projects/${world.projectNumber}`;
  return {
    name: `${parent}/services/${service}`,
    parent,
    config: { name: service },
    state: world.services.has(service) ? 'ENABLED' : 'DISABLED',
  };
}
