/** What applications do that call on, and what visitors ask of them. */
import { type Access, type External, type Service } from '../../../model/service';
import { EXPERIMENT_HEADER, type Behaviour } from '../mesh/backends';
import { type Mesh } from '../mesh/mesh';
import { type Request } from '../mesh/send';
import { bearer } from '../mesh/tokens';
import { examplePath } from './example';

/** An application that calls on, through its own proxy, and fails as its callee does unless it can do without. */
export function calling(mesh: Mesh, host: string, call: Access, optional: boolean): Behaviour {
  return async (seen) => {
    const { status } = await mesh.from(seen.by).send({
      host,
      path: examplePath(call.paths[0] ?? '/'),
      method: call.methods[0] ?? 'GET',
      headers: { [EXPERIMENT_HEADER]: String(seen.headers[EXPERIMENT_HEADER]) },
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

export function serviceNamed(mesh: Mesh, name: string): Service {
  const found = mesh.environment.services.find((service) => service.name === name);
  if (!found) throw new Error(`'${name}' is no service of ${mesh.environment.name}`);
  return found;
}

export function externalNamed(mesh: Mesh, name: string): External {
  const found = mesh.environment.externals.find((external) => external.name === name);
  if (!found) throw new Error(`'${name}' is no third party of ${mesh.environment.name}`);
  return found;
}
