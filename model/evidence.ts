/** Which logs are kept as evidence. PCI DSS 10.2.1, 10.3.3, 10.5.1. */
export interface EvidenceStream {
  readonly name: string;
  readonly description: string;
  /** In the query language of Cloud Logging. */
  readonly filter: string;
}

export function evidenceStreams(projectId: string): EvidenceStream[] {
  const logs = (...names: readonly string[]) =>
    names.map((name) => `logName="projects/${projectId}/logs/${name}"`).join(' OR ');
  return [
    {
      name: 'audit',
      description: 'Who did what to the project, its data, and the API server of the cluster',
      filter: `logName:"projects/${projectId}/logs/cloudaudit.googleapis.com"`,
    },
    {
      name: 'requests',
      description: 'Every request that a proxy or the load balancer answered, and what the web firewall did',
      filter: logs('server-accesslog-stackdriver', 'client-accesslog-stackdriver', 'requests'),
    },
    {
      name: 'network',
      description: 'Flows, refusals of the firewall, and connections through NAT',
      filter: logs(
        'compute.googleapis.com%2Fvpc_flows',
        'compute.googleapis.com%2Ffirewall',
        'compute.googleapis.com%2Fnat_flows',
      ),
    },
    {
      name: 'database',
      description: 'Logins to the database, and changes of schema and roles',
      filter: '(resource.type="alloydb.googleapis.com/Instance" OR resource.type="cloudsql_database")',
    },
  ];
}
