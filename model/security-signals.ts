/** What in the logs tells that a control has failed or was changed. PCI DSS 10.4.1.1, 10.7.2. */
import type { AlertSeverity } from './slo/burn-rate-alerts';
import type { Environment } from './environment';
import { INGRESS_GATEWAY, trustDomain } from './naming';

export interface SecuritySignal {
  /** Name of the log-based metric. */
  readonly name: string;
  readonly summary: string;
  /** What to do first, for whoever is told. */
  readonly fix: string;
  readonly severity: AlertSeverity;
  /** Entries within ten minutes above which somebody is told; below it is the noise of the internet. */
  readonly tolerated: number;
  /** Monitored resources that the entries belong to: Cloud Monitoring counts each apart. */
  readonly resourceTypes: readonly string[];
  /** In the query language of Cloud Logging. */
  readonly filter: string;
}

export const SIGNAL_WINDOW_MINUTES = 10;

export function securitySignals(environment: Environment): SecuritySignal[] {
  const { project } = environment;
  const proxyLog = `logName="projects/${project.id}/logs/server-accesslog-stackdriver"`;
  const workloads = `^principal://iam\\.googleapis\\.com/projects/${project.number}/locations/global/workloadIdentityPools/${trustDomain(project.id).replaceAll('.', '\\.')}/subject/ns/`;
  return [
    {
      name: 'denied-requests',
      summary: 'requests between services that no policy allows',
      fix: 'A release calls what its file does not declare, or a workload does what it should not.',
      severity: 'ticket',
      tolerated: 20,
      resourceTypes: ['k8s_container'],
      filter: all(proxyLog, 'httpRequest.status=403', 'labels.response_details:"rbac_access_denied"'),
    },
    {
      name: 'failed-tokens',
      summary: 'end-user tokens that were refused',
      fix: 'Many at once are an attack or a changed issuer: compare with the sign-ins of the issuer.',
      severity: 'ticket',
      tolerated: 500,
      resourceTypes: ['k8s_container'],
      filter: all(proxyLog, 'httpRequest.status=401', 'labels.response_details:"jwt_authn_access_denied"'),
    },
    {
      name: 'plaintext-requests',
      summary: 'requests that arrived without mutual TLS',
      fix: 'Look for a PeerAuthentication that is not in the repository.',
      severity: 'page',
      tolerated: 0,
      resourceTypes: ['k8s_container'],
      filter: all(
        proxyLog,
        'labels.service_authentication_policy!="MUTUAL_TLS"',
        `resource.labels.namespace_name!="${INGRESS_GATEWAY.namespace}"`,
      ),
    },
    {
      name: 'mtls-changes',
      summary: 'the rule that demands mutual TLS was changed',
      fix: 'If the pipeline did not do it, apply the repository again and find out who did.',
      severity: 'page',
      tolerated: 0,
      resourceTypes: ['k8s_cluster'],
      filter: all(
        auditLog(project.id, 'activity'),
        'protoPayload.serviceName="k8s.io"',
        'protoPayload.methodName=~"\\.peerauthentications\\.(create|update|patch|delete)$"',
      ),
    },
    {
      name: 'iam-changes',
      summary: 'rights in the project were changed',
      fix: 'Compare with the last apply; a change made by hand is undone by the next one.',
      severity: 'ticket',
      tolerated: 0,
      resourceTypes: ['project', 'service_account', 'iam_role'],
      filter: all(
        auditLog(project.id, 'activity'),
        '(protoPayload.methodName:"SetIamPolicy" OR protoPayload.methodName=~"(Create|Update|Delete)Role$" OR protoPayload.methodName:"CreateServiceAccountKey")',
      ),
    },
    {
      name: 'secret-reads',
      summary: 'a secret was read by something other than a workload of the mesh',
      fix: 'Ask the reader. If nobody knows, rotate the secret.',
      severity: 'page',
      tolerated: 0,
      resourceTypes: ['audited_resource'],
      filter: all(
        auditLog(project.id, 'data_access'),
        'protoPayload.serviceName="secretmanager.googleapis.com"',
        'protoPayload.methodName:"AccessSecretVersion"',
        `NOT protoPayload.authenticationInfo.principalSubject=~"${workloads}"`,
      ),
    },
    {
      name: 'key-destructions',
      summary: 'a version of an encryption key was scheduled for destruction or disabled',
      fix: 'Restore it within 30 days, or what it encrypted is lost.',
      severity: 'page',
      tolerated: 0,
      resourceTypes: ['cloudkms_cryptokeyversion'],
      filter: all(
        auditLog(project.id, 'activity'),
        'protoPayload.serviceName="cloudkms.googleapis.com"',
        '(protoPayload.methodName:"DestroyCryptoKeyVersion" OR protoPayload.methodName:"UpdateCryptoKeyVersion")',
      ),
    },
    {
      name: 'evidence-changes',
      summary: 'where logs go was changed',
      fix: 'Apply the observability stack again; what was not logged meanwhile is lost.',
      severity: 'page',
      tolerated: 0,
      resourceTypes: ['logging_sink', 'logging_bucket'],
      filter: all(
        auditLog(project.id, 'activity'),
        'protoPayload.serviceName="logging.googleapis.com"',
        'protoPayload.methodName=~"(UpdateSink|DeleteSink|UpdateBucket|DeleteBucket|CreateExclusion|UpdateExclusion)$"',
      ),
    },
  ];
}

function auditLog(projectId: string, stream: 'activity' | 'data_access'): string {
  return `logName="projects/${projectId}/logs/cloudaudit.googleapis.com%2F${stream}"`;
}

function all(...terms: readonly string[]): string {
  return terms.join('\nAND ');
}
