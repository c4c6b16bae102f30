/** Diagram of the mesh in Mermaid, for the README. */
import type { Environment } from './environment';
import type { Service, Version } from './service';

/** Flowchart from external clients on the left to third parties and data on the right. */
export function renderMermaid(environment: Environment): string {
  const { services, externals, domains } = environment;
  const lines = [
    'flowchart LR',
    '  user([user]) --> lb[Cloud Load Balancer<br/>Cloud Armor]',
    '  lb --> ingress{{ingress gateway}}',
    ...domains.flatMap((domain) =>
      renderDomain(
        domain.name,
        services.filter((service) => service.domain === domain.name),
      ),
    ),
    ...services
      .filter((service) => service.ingress.length > 0)
      .flatMap((service) => renderCalls('ingress', service)),
    ...services.flatMap((service) =>
      service.versions.flatMap((version) => renderVersionCalls(services, service, version)),
    ),
    ...(externals.length > 0 ? ['  egress{{egress gateway}}'] : []),
    ...externals.map((external) => `  egress -- TLS --> ${id(external.name)}[/${external.name}/]`),
    ...renderData(environment),
    '  ingress -.-> monitoring[(Cloud Monitoring<br/>and Logging)]',
  ];
  return lines.join('\n');
}

function renderDomain(name: string, services: readonly Service[]): string[] {
  if (services.length === 0) return [];
  const nodes = services.flatMap((service) =>
    service.versions.map((version) => `    ${nodeOf(service, version)}`),
  );
  return [`  subgraph ${id(`domain-${name}`)}["${name}"]`, ...nodes, '  end'];
}

function nodeOf(service: Service, version: Version): string {
  const { catalogueName, versions } = service;
  const label = versions.length > 1 ? `${catalogueName} ${version.name}` : catalogueName;
  return `${id(version.workload)}["${label}"]`;
}

/** An arrow to each version, labelled with its weight where traffic is split. */
function renderCalls(from: string, callee: Service): string[] {
  return callee.versions.map((version) => {
    const share = callee.versions.length > 1 ? ` -- "${version.weightPercent} %" ` : ' ';
    return `  ${from}${share}--> ${id(version.workload)}`;
  });
}

function renderVersionCalls(services: readonly Service[], service: Service, version: Version): string[] {
  const from = id(version.workload);
  const toServices = version.calls.flatMap((call) => {
    const callee = services.find((candidate) => candidate.name === call.service);
    return callee ? renderCalls(from, callee) : [];
  });
  const toEgress = version.externalCalls.length > 0 ? [`  ${from} --> egress`] : [];
  const toDatabase = service.database ? [`  ${from} --> database`] : [];
  const toSecrets = service.secrets.length > 0 ? [`  ${from} -.-> secrets`] : [];
  return [...toServices, ...toEgress, ...toDatabase, ...toSecrets];
}

function renderData({ services, database }: Environment): string[] {
  const engine = database.engine === 'alloydb' ? 'AlloyDB' : 'Cloud SQL';
  return [
    ...(services.some((service) => service.database) ? [`  database[(${engine})]`] : []),
    ...(services.some((service) => service.secrets.length > 0) ? ['  secrets[(Secret Manager)]'] : []),
  ];
}

/** Mermaid ids allow letters, digits and underscores only. */
function id(name: string): string {
  return name.replaceAll('-', '_');
}
