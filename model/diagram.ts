/** The mesh as a picture, in Mermaid: what a reader of the repository sees first. */
import type { Environment } from './environment';
import type { Service, Version } from './service';

/** Flowchart from the public on the left to third parties and data on the right. */
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

/** Arrows to each version that takes traffic; the share is told where there is a split. */
function renderCalls(from: string, callee: Service): string[] {
  return callee.versions.map((version) => {
    const share = callee.versions.length > 1 ? ` -- "${version.weightPercent} %" ` : ' ';
    return `  ${from}${share}--> ${id(version.workload)}`;
  });
}

function renderVersionCalls(services: readonly Service[], service: Service, version: Version): string[] {
  const from = id(version.workload);
  const inside = version.calls.flatMap((call) => {
    const callee = services.find((candidate) => candidate.name === call.service);
    return callee ? renderCalls(from, callee) : [];
  });
  const outside = version.externalCalls.length > 0 ? [`  ${from} --> egress`] : [];
  const data = service.database ? [`  ${from} --> database`] : [];
  const secrets = service.secrets.length > 0 ? [`  ${from} -.-> secrets`] : [];
  return [...inside, ...outside, ...data, ...secrets];
}

function renderData({ services, database }: Environment): string[] {
  const engine = database.engine === 'alloydb' ? 'AlloyDB' : 'Cloud SQL';
  return [
    ...(services.some((service) => service.database) ? [`  database[(${engine})]`] : []),
    ...(services.some((service) => service.secrets.length > 0) ? ['  secrets[(Secret Manager)]'] : []),
  ];
}

/** Mermaid takes letters, digits and underscores. */
function id(name: string): string {
  return name.replaceAll('-', '_');
}
