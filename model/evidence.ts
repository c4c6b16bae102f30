/** Logs that are retained as PCI DSS evidence: 10.2.1, 10.3.3, 10.5.1. */
export interface EvidenceStream {
  readonly name: string;
  readonly description: string;
  /** Cloud Logging query. */
  readonly filter: string;
  /** Whether entries hold URLs of requests. */
  readonly hasUrls?: true;
}

export function evidenceStreams(projectId: string): EvidenceStream[] {
  const logs = (...names: readonly string[]) =>
    names.map((name) => `logName="projects/${projectId}/logs/${name}"`).join(' OR ');
  return [
    {
      name: 'audit',
      description: 'Audit logs of the project, of access to its data, and of the cluster API server',
      filter: `logName:"projects/${projectId}/logs/cloudaudit.googleapis.com"`,
    },
    {
      name: 'requests',
      description: 'Access logs of proxies and load balancer, with decisions of the web application firewall',
      filter: logs('server-accesslog-stackdriver', 'client-accesslog-stackdriver', 'requests'),
      hasUrls: true,
    },
    {
      name: 'network',
      description: 'VPC flows, firewall denials, and connections through NAT',
      filter: logs(
        'compute.googleapis.com%2Fvpc_flows',
        'compute.googleapis.com%2Ffirewall',
        'compute.googleapis.com%2Fnat_flows',
      ),
    },
    {
      name: 'database',
      description: 'Database logins, and changes to schema and roles',
      filter: '(resource.type="alloydb.googleapis.com/Instance" OR resource.type="cloudsql_database")',
    },
  ];
}
