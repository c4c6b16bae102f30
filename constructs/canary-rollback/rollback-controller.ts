import { MonitoringNotificationChannel } from '@cdktf/provider-google/lib/monitoring-notification-channel';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { WorkflowsWorkflow } from '@cdktf/provider-google/lib/workflows-workflow';
import { Construct } from 'constructs';
import { WORKFLOW_SETTINGS } from '../../model/canary/rollback-workflow';
import type { Environment } from '../../model/environment';
import { ROLLBACK_CONTROLLER, connectGatewayUrl } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';
import { ControllerTriggers } from './controller-triggers';
import { PipelineStart } from './pipeline-start';
import { renderRollbackWorkflow } from './rollback-workflow';
import { escapeForTerraform } from '../terraform-template';

export interface RollbackControllerProps {
  readonly environment: Environment;
  /** Namespaces with a service that may have a canary. Without any, only topic and channel exist. */
  readonly namespaces: readonly string[];
}

/**
 * Pauses and rolls back canaries: alerts go to a topic, the topic starts a workflow, and the workflow creates a weight
 * cap and lowers weights through Connect Gateway. Admission policies limit what it may write. PCI DSS 7.2.5.
 *
 * Topic and channel stay when the last canary policy is removed: this stack is applied before the one whose alert
 * policies name the channel.
 */
export class RollbackController extends Construct {
  /** For alerts of canaries. */
  public readonly channel: MonitoringNotificationChannel;

  constructor(scope: Construct, id: string, props: RollbackControllerProps) {
    super(scope, id);
    const { environment, namespaces } = props;
    const { project, region } = environment;
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: ROLLBACK_CONTROLLER,
      users: {
        PubSub: serviceAgentMember('pubSub', project.number),
        Workflows: serviceAgentMember('workflows', project.number),
      },
    });
    const topic = new PubsubTopic(this, 'Incidents', {
      name: `${ROLLBACK_CONTROLLER}-incidents`,
      kmsKeyName: key.id,
      messageStoragePolicy: { allowedPersistenceRegions: [region] },
      dependsOn: key.grants,
    });
    this.channel = this.channelTo(topic, project.number);
    if (namespaces.length === 0) return;

    const account = this.account(project.id);
    const pipeline = new PipelineStart(this, 'Pipeline', { environment, key, rollbackController: account });
    const workflow = new WorkflowsWorkflow(this, 'Default', {
      name: ROLLBACK_CONTROLLER,
      description: 'Creates weight caps of canaries and lowers weights to them',
      region,
      serviceAccount: account.id,
      cryptoKeyName: key.id,
      callLogLevel: 'LOG_ERRORS_ONLY',
      // It has no data.
      deletionProtection: false,
      userEnvVars: {
        [WORKFLOW_SETTINGS.cluster]: connectGatewayUrl(environment),
        [WORKFLOW_SETTINGS.namespaces]: namespaces.join(','),
        [WORKFLOW_SETTINGS.incidents]: `https://monitoring.googleapis.com/v3/projects/${project.id}/alerts`,
        [WORKFLOW_SETTINGS.pipeline]: pipeline.url,
      },
      sourceContents: escapeForTerraform(renderRollbackWorkflow()),
      dependsOn: key.grants,
    });
    new ControllerTriggers(this, 'Triggers', { environment, topic, workflow });
  }

  private channelTo(topic: PubsubTopic, projectNumber: string): MonitoringNotificationChannel {
    const channel = new MonitoringNotificationChannel(this, 'Channel', {
      displayName: 'canary rollback',
      type: 'pubsub',
      labels: { topic: topic.id },
    });
    new PubsubTopicIamMember(this, 'Publisher', {
      topic: topic.name,
      role: 'roles/pubsub.publisher',
      member: `serviceAccount:service-${projectNumber}@gcp-sa-monitoring-notification.iam.gserviceaccount.com`,
      // Google creates this account with the project's first channel of this type.
      dependsOn: [channel],
    });
    return channel;
  }

  /** May reach the API server, where Kubernetes roles and admission policies apply; it has no IAM role on clusters. */
  private account(projectId: string): ServiceAccount {
    const account = new ServiceAccount(this, 'Account', {
      accountId: ROLLBACK_CONTROLLER,
      displayName: 'Pauses and rolls back canaries',
    });
    for (const role of ['gkehub.gatewayEditor', 'logging.logWriter', 'monitoring.alertViewer']) {
      new ProjectIamMember(this, role, {
        project: projectId,
        role: `roles/${role}`,
        member: account.member,
      });
    }
    return account;
  }
}
