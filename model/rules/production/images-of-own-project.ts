import type { Environment } from '../../environment';
import type { Rule, RuleViolation } from '../rule';

export const imagesOfOwnProject: Rule = {
  id: 'PRD-010',
  title: 'Production images are in its own project',
  severity: 'error',
  rationale:
    'Nodes reach no registry outside Google, and images of another project are pushed by people whom production does not know.',
  source: 'https://cloud.google.com/artifact-registry/docs/docker/names',
  fix: 'copy the image by digest into the Artifact Registry of the project, or waive the rule in the environment file for a shared registry',
  check: (environment, all) => {
    const { name, production, project, services, images } = environment;
    if (!production) return [];
    return services.flatMap((service) =>
      service.versions.flatMap(({ name: version, image }): RuleViolation[] => {
        // The sample and a missing image are violations of their own.
        if (image === images.sample || image === '' || projectOfImage(image) === project.id) return [];
        return [
          {
            kind: 'release',
            name,
            path: ['services', service.name, 'images', version],
            message: `'${image}' is ${placeOf(image, all)}`,
            fix: `copy the image by digest to '<region>-docker.pkg.dev/${project.id}/…'`,
          },
        ];
      }),
    );
  },
};

/** Project of an image in Artifact Registry; undefined in another registry. */
function projectOfImage(image: string): string | undefined {
  return /^[a-z0-9-]+-docker\.pkg\.dev\/([^/]+)\//.exec(image)?.[1];
}

function placeOf(image: string, all: readonly Environment[]): string {
  const project = projectOfImage(image);
  if (project === undefined) return 'not in Artifact Registry';
  const owner = all.find((environment) => environment.project.id === project);
  return owner === undefined
    ? `in project '${project}', which is of no environment`
    : `in the project of environment '${owner.name}'`;
}
