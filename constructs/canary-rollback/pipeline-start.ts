import { CloudbuildTrigger } from '@cdktf/provider-google/lib/cloudbuild-trigger';
import { PubsubTopic } from '@cdktf/provider-google/lib/pubsub-topic';
import { PubsubTopicIamMember } from '@cdktf/provider-google/lib/pubsub-topic-iam-member';
import type { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { ROLLBACK_CONTROLLER, pipelineAccountEmail } from '../../model/naming';
import type { EncryptionKey } from '../encryption/encryption-key';

export interface PipelineStartProps {
  readonly environment: Environment;
  readonly key: EncryptionKey;
  /** Account of the rollback workflow. */
  readonly rollbackController: ServiceAccount;
}

/**
 * Lets the rollback workflow start the pipeline that updates Terraform's state with the lowered weights. It publishes a
 * message: to run a build directly, it would need the right to act as the pipeline's account, with all rights of that.
 */
export class PipelineStart extends Construct {
  /** URL to post the message to; empty if no pipeline listens. */
  public readonly url: string;

  constructor(scope: Construct, id: string, props: PipelineStartProps) {
    super(scope, id);
    const { environment, key, rollbackController } = props;
    const { project, region, mesh } = environment;
    this.url = '';
    if (!environment.rollbackController.startsPipeline || mesh.repository === undefined) return;

    const topic = new PubsubTopic(this, 'Topic', {
      name: `${ROLLBACK_CONTROLLER}-weight-caps`,
      kmsKeyName: key.id,
      messageStoragePolicy: { allowedPersistenceRegions: [region] },
      dependsOn: key.grants,
    });
    new PubsubTopicIamMember(this, 'Publisher', {
      topic: topic.name,
      role: 'roles/pubsub.publisher',
      member: rollbackController.member,
    });
    const repository = { uri: `https://github.com/${mesh.repository}`, repoType: 'GITHUB' };
    new CloudbuildTrigger(this, 'Trigger', {
      name: `${ROLLBACK_CONTROLLER}-weight-caps`,
      description: "Updates Terraform's state after a canary was rolled back or paused; changes weights only",
      location: region,
      serviceAccount: `projects/${project.id}/serviceAccounts/${pipelineAccountEmail('apply', project.id)}`,
      pubsubConfig: { topic: topic.id },
      sourceToBuild: { ...repository, ref: MAIN_BRANCH },
      gitFileSource: { ...repository, path: 'cloudbuild.yaml', revision: MAIN_BRANCH },
      substitutions: { _ENVIRONMENT: environment.name },
    });
    this.url = `https://pubsub.googleapis.com/v1/${topic.id}:publish`;
  }
}

const MAIN_BRANCH = 'refs/heads/main';
