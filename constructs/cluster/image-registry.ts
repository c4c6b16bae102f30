import { ArtifactRegistryRepository } from '@cdktf/provider-google/lib/artifact-registry-repository';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';

export interface ImageRegistryProps {
  readonly environment: Environment;
}

/** Where images come from: the shop's own, and in environments with a sample container a mirror of its home. */
export class ImageRegistry extends Construct {
  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    const { region, mesh, sampleImage } = props.environment;

    new ArtifactRegistryRepository(this, 'Shop', {
      location: region,
      repositoryId: mesh.name,
      format: 'DOCKER',
      description: 'Images of the shop',
      // A tag that could be moved would make the reviewed digest and the named version differ.
      dockerConfig: { immutableTags: true },
    });
    if (sampleImage !== undefined) {
      new ArtifactRegistryRepository(this, 'DockerHub', {
        location: region,
        repositoryId: 'docker-hub',
        format: 'DOCKER',
        mode: 'REMOTE_REPOSITORY',
        description: 'Public images of the sample container',
        remoteRepositoryConfig: { dockerRepository: { publicRepository: 'DOCKER_HUB' } },
      });
    }
  }
}
