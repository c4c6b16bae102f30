import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { IMAGE_MIRRORS } from '../../model/naming';
import { serviceAgentMember } from '../../model/service-agents';
import { EncryptionKey } from '../encryption/encryption-key';

export interface ImageRegistryProps {
  readonly environment: Environment;
}

/**
 * Image repositories: images of the services, scanned for known vulnerabilities, and mirrors of the few public ones. Nodes
 * cannot reach registries outside Google. PCI DSS 3.5.1, 6.3.1, 11.3.1.
 */
export class ImageRegistry extends Construct {
  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    const { environment } = props;
    const { region, mesh, images, kiali, project } = environment;
    const key = new EncryptionKey(this, 'Key', {
      environment,
      name: 'images',
      users: { ArtifactRegistry: serviceAgentMember('artifactRegistry', project.number) },
    });
    const common = {
      location: region,
      format: 'DOCKER',
      kmsKeyName: key.id,
      vulnerabilityScanningConfig: { enablementConfig: images.scanning ? 'INHERITED' : 'DISABLED' },
      dependsOn: key.grants,
    };

    new ArtifactRegistryRepository(this, 'Shop', {
      ...common,
      repositoryId: mesh.name,
      description: 'Images of the services',
      // A movable tag could name another image than the reviewed digest.
      dockerConfig: { immutableTags: true },
      lifecycle: { preventDestroy: environment.production },
    });
    if (images.sample !== undefined) {
      new ArtifactRegistryRepository(this, 'DockerHub', {
        ...common,
        repositoryId: IMAGE_MIRRORS.dockerHub,
        mode: 'REMOTE_REPOSITORY',
        description: 'Public images of the sample container',
        remoteRepositoryConfig: { dockerRepository: { publicRepository: 'DOCKER_HUB' } },
      });
    }
    if (kiali.enabled) {
      new ArtifactRegistryRepository(this, 'Quay', {
        ...common,
        repositoryId: IMAGE_MIRRORS.quay,
        mode: 'REMOTE_REPOSITORY',
        description: 'Public images of Kiali',
        remoteRepositoryConfig: { dockerRepository: { customRepository: { uri: 'https://quay.io' } } },
      });
    }
  }
}
