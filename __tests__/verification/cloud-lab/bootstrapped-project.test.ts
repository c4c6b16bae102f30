import { bootstrappedProject } from '../../../verification/cloud-lab/lab/bootstrapped-project';
import { environmentNamed } from '../../support/synth';

const prod = environmentNamed('prod');
const project = bootstrappedProject(prod);

test('the project has what the commands of mesh bootstrap enable and create', () => {
  const { id, number } = prod.project;

  expect(project.services).toEqual(
    expect.arrayContaining(['compute.googleapis.com', 'servicedirectory.googleapis.com']),
  );
  expect(project.accounts).toEqual(
    expect.arrayContaining([
      `mesh-apply@${id}.iam.gserviceaccount.com`,
      `service-${number}@container-engine-robot.iam.gserviceaccount.com`,
      `service-${number}@gcp-sa-alloydb.iam.gserviceaccount.com`,
    ]),
  );
});

test('the accounts of the pipeline have their roles', () => {
  const { id } = prod.project;

  expect(project.roles.get(`mesh-plan@${id}.iam.gserviceaccount.com`)).toContain('roles/viewer');
  for (const account of ['plan', 'apply'])
    expect(project.roles.get(`mesh-${account}@${id}.iam.gserviceaccount.com`)).toContain(
      'roles/cloudkms.publicKeyViewer',
    );
  expect(project.customRoles.get(`projects/${id}/roles/meshSecretKeeper`)).toContain(
    'secretmanager.secrets.create',
  );
});
