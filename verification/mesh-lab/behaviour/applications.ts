/** Applications that call other services, and requests of external clients. */
import { type Access, type External, type Service } from '../../../model/service';
import { EXPERIMENT_HEADER, type Behaviour } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { examplePath } from './example';

/** Calls the host through the application's proxy. Fails if the call fails, unless the call is optional. */
export function calling(mesh: Mesh, host: string, call: Access, optional: boolean): Behaviour {
  return async (received) => {
    const { status } = await mesh.from(received.workload).send({
      host,
      path: examplePath(call.paths[0] ?? '/'),
      method: call.methods[0] ?? 'GET',
      headers: { [EXPERIMENT_HEADER]: String(received.headers[EXPERIMENT_HEADER]) },
    });
    return optional || status === 200 ? {} : { status: 500 };
  };
}

export function publicRequest(
  mesh: Mesh,
  service: Service,
  headers: Readonly<Record<string, string>> = {},
): Request | undefined {
  const route = service.ingress[0];
  if (!route) return undefined;
  return {
    host: mesh.environment.domainNames[route.host],
    path: examplePath(route.paths[0] ?? '/'),
    method: route.methods[0] ?? 'GET',
    headers: { ...headers, ...(route.jwt === 'required' && bearer(mesh.issuer.token())) },
  };
}

export function workloadsOf(service: Service): string[] {
  return service.versions.map(({ workload }) => workload);
}

export function serviceOfMesh(mesh: Mesh, name: string): Service {
  const found = mesh.environment.services.find((service) => service.name === name);
  if (!found) throw new Error(`${mesh.environment.name} has no service '${name}'`);
  return found;
}

export function externalNamed(mesh: Mesh, name: string): External {
  const found = mesh.environment.externals.find((external) => external.name === name);
  if (!found) throw new Error(`${mesh.environment.name} has no third party '${name}'`);
  return found;
}
