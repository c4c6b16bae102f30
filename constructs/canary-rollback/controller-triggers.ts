import { CloudSchedulerJob } from '@cdktf/provider-google/lib/cloud-scheduler-job';
import { EventarcTrigger } from '@cdktf/provider-google/lib/eventarc-trigger';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import type { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import type { WorkflowsWorkflow } from '@cdktf/provider-google/lib/workflows-workflow';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ROLLBACK_CONTROLLER } from '../../model/naming';

export interface ControllerTriggersProps {
  readonly environment: Environment;
  /** Receives the incidents. */
  readonly topic: PubsubTopic;
  readonly workflow: WorkflowsWorkflow;
}

/** Starts the rollback workflow for each incident, and every minute, so that the next run makes up for a lost one. */
export class ControllerTriggers extends Construct {
  constructor(scope: Construct, id: string, props: ControllerTriggersProps) {
    super(scope, id);
    const { environment, topic, workflow } = props;
    const { project, region } = environment;
    const caller = new ServiceAccount(this, 'Account', {
      accountId: `${ROLLBACK_CONTROLLER}-caller`,
      displayName: 'Starts the rollback workflow',
    });
    const grants = ['workflows.invoker', 'eventarc.eventReceiver'].map(
      (role) =>
        new ProjectIamMember(this, role, {
          project: project.id,
          role: `roles/${role}`,
          member: caller.member,
        }),
    );

    new EventarcTrigger(this, 'Trigger', {
      name: ROLLBACK_CONTROLLER,
      location: region,
      matchingCriteria: [{ attribute: 'type', value: 'google.cloud.pubsub.topic.v1.messagePublished' }],
      transport: { pubsub: { topic: topic.id } },
      destination: { workflow: workflow.id },
      serviceAccount: caller.email,
      dependsOn: grants,
    });
    new CloudSchedulerJob(this, 'EveryMinute', {
      name: ROLLBACK_CONTROLLER,
      description: 'Enforces the weight caps of canaries, even if the notification of an incident is lost',
      region,
      schedule: '* * * * *',
      timeZone: 'Etc/UTC',
      attemptDeadline: '30s',
      httpTarget: {
        uri: `https://workflowexecutions.googleapis.com/v1/${workflow.id}/executions`,
        httpMethod: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(JSON.stringify({ argument: '{"reason":"every minute"}' })).toString('base64'),
        oauthToken: { serviceAccountEmail: caller.email },
      },
      dependsOn: grants,
    });
  }
}
