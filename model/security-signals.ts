/** Security alerts on log entries: a control failed or was changed. PCI DSS 10.4.1.1, 10.7.2. */
import type { AlertSeverity } from './slo/burn-rate-alerts';
import type { Environment } from './environment';
import { SENSITIVE_ENTRIES } from './sensitive-urls';
import { INGRESS_GATEWAY, trustDomain } from './naming';

export interface SecuritySignal {
  /** Name of the alert, and of the log-based metric if entries are counted. */
  readonly name: string;
  /** Title of the alert. Lower case, no full stop. */
  readonly summary: string;
  readonly affected: string;
  /** What the platform does without a person. */
  readonly automatic: string;
  readonly firstStep: string;
  readonly severity: AlertSeverity;
  /** Log entries in the window up to which no alert fires. Above 0 where the internet causes a base rate. */
  readonly tolerated: number;
  /** Cloud Logging query. */
  readonly filter: string;
  /**
   * Resource type of entries that are not stored. They are counted, because alerts on single entries do not see them.
   * @default entries are stored
   */
  readonly unstoredResource?: string;
}

export const SIGNAL_WINDOW_MINUTES = 10;

/** Markdown for the alert. */
export function signalDocumentation(signal: SecuritySignal): string {
  const { summary, tolerated, affected, automatic, firstStep } = signal;
  const count =
    tolerated === 0
      ? 'at least 1 log entry'
      : `more than ${tolerated} log entries in the last ${SIGNAL_WINDOW_MINUTES} min`;
  return [
    `**Security: ${summary}**: ${count}.`,
    `- Affected: ${affected}.\n- Automatic action: ${automatic}.\n- First step: ${firstStep}.`,
  ].join('\n\n');
}

export function securitySignals(environment: Environment): SecuritySignal[] {
  const { project } = environment;
  const proxyLog = `logName="projects/${project.id}/logs/server-accesslog-stackdriver"`;
  const workloads = `^principal://iam\\.googleapis\\.com/projects/${project.number}/locations/global/workloadIdentityPools/${trustDomain(project.id).replaceAll('.', '\\.')}/subject/ns/`;
  return [
    {
      name: 'denied-requests',
      summary: 'requests denied by authorization policy',
      affected: 'the callers in the log entries',
      automatic: 'the proxies rejected the requests with 403',
      firstStep:
        'find the caller. Either its release makes calls that its service file does not declare, or the workload is compromised',
      severity: 'ticket',
      tolerated: 20,
      filter: all(proxyLog, 'httpRequest.status=403', 'labels.response_details:"rbac_access_denied"'),
    },
    {
      name: 'failed-tokens',
      summary: 'requests with invalid end-user tokens',
      affected: 'users whose tokens were rejected, if the tokens are genuine',
      automatic: 'the proxies rejected the requests with 401',
      firstStep: 'compare with the sign-ins at the token issuer. The cause is an attack, or a changed issuer',
      severity: 'ticket',
      tolerated: 500,
      filter: all(proxyLog, 'httpRequest.status=401', 'labels.response_details:"jwt_authn_access_denied"'),
    },
    {
      name: 'sensitive-urls',
      summary: 'card number or credential in the URL of a request',
      affected: 'the client whose request it was, and whatever logs or traces URLs outside of the platform',
      automatic:
        'the log entries of the load balancer and of the proxies are not stored; the request was served',
      firstStep:
        'find the page or client that builds such URLs, by the time of the alert and its latest release, and send the value in a body',
      severity: 'ticket',
      tolerated: 0,
      filter: all(`logName="projects/${project.id}/logs/requests"`, `(${SENSITIVE_ENTRIES})`),
      unstoredResource: 'http_load_balancer',
    },
    {
      name: 'plaintext-requests',
      summary: 'requests without mutual TLS',
      affected: 'the workloads in the log entries; their traffic was neither encrypted nor authenticated',
      automatic: 'none, the requests were served',
      firstStep: 'find the PeerAuthentication that is not in the repository, and delete it',
      severity: 'page',
      tolerated: 0,
      filter: all(
        proxyLog,
        'labels.service_authentication_policy!="MUTUAL_TLS"',
        `resource.labels.namespace_name!="${INGRESS_GATEWAY.namespace}"`,
      ),
    },
    {
      name: 'mtls-changes',
      summary: 'mutual TLS policy changed',
      affected: 'every workload in the namespace of the PeerAuthentication',
      automatic: 'none until the next apply of the mesh-policies stack',
      firstStep:
        'if no pipeline made the change, apply the mesh-policies stack and find the author in the audit log',
      severity: 'page',
      tolerated: 0,
      filter: all(
        auditLog(project.id, 'activity'),
        'protoPayload.serviceName="k8s.io"',
        'protoPayload.methodName=~"\\.peerauthentications\\.(create|update|patch|delete)$"',
      ),
    },
    {
      name: 'iam-changes',
      summary: 'IAM permissions of the project changed',
      affected: 'the project, or the service account in the log entry',
      automatic: 'the next apply reverts changes to grants that Terraform manages',
      firstStep: 'compare the change with the last apply',
      severity: 'ticket',
      tolerated: 0,
      filter: all(
        auditLog(project.id, 'activity'),
        '(protoPayload.methodName:"SetIamPolicy" OR protoPayload.methodName=~"(Create|Update|Delete)Role$" OR protoPayload.methodName:"CreateServiceAccountKey")',
      ),
    },
    {
      name: 'secret-reads',
      summary: 'secret read by an identity outside of the mesh',
      affected: 'the secret in the log entry, and the services that mount it',
      automatic: 'none, the value was returned',
      firstStep: 'ask the reader for the reason. If there is none, rotate the secret',
      severity: 'page',
      tolerated: 0,
      filter: all(
        auditLog(project.id, 'data_access'),
        'protoPayload.serviceName="secretmanager.googleapis.com"',
        'protoPayload.methodName:"AccessSecretVersion"',
        `NOT protoPayload.authenticationInfo.principalSubject=~"${workloads}"`,
      ),
    },
    {
      name: 'key-destructions',
      summary: 'encryption key version disabled or scheduled for destruction',
      affected: 'all data that this key version encrypts; reads of it fail',
      automatic: 'Google destroys a scheduled version after 30 days',
      firstStep: 'restore the version within 30 days, or the data is lost',
      severity: 'page',
      tolerated: 0,
      filter: all(
        auditLog(project.id, 'activity'),
        'protoPayload.serviceName="cloudkms.googleapis.com"',
        '(protoPayload.methodName:"DestroyCryptoKeyVersion" OR protoPayload.methodName:"UpdateCryptoKeyVersion")',
      ),
    },
    {
      name: 'evidence-changes',
      summary: 'log sink or log bucket changed',
      affected: 'PCI DSS evidence; logs that are not stored meanwhile are lost',
      automatic: 'none until the next apply of the observability stack',
      firstStep: 'apply the observability stack',
      severity: 'page',
      tolerated: 0,
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
