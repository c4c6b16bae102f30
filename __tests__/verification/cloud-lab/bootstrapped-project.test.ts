import { readPermissionTables, RolePermissions } from '../../../verification/cloud-lab/server/permissions';
import { bootstrappedProject } from '../../../verification/cloud-lab/lab/bootstrapped-project';
import { environmentNamed } from '../../support/catalogues';

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

describe('the roles of bootstrap', () => {
  const tables = readPermissionTables();
  const { id } = prod.project;
  const [plan, apply] = ['plan', 'apply'].map(
    (account) => `mesh-${account}@${id}.iam.gserviceaccount.com`,
  ) as [string, string];
  const permissions = new RolePermissions(tables, project.roles, project.customRoles);
  const reads = (method: string) => /\.(get|list)[A-Za-z]*$/.test(method);

  test('let the apply account call every method', () => {
    for (const method of Object.keys(tables.methods))
      expect(() => permissions.require(apply, method, '')).not.toThrow();
  });

  test('let the plan account read, and change nothing', () => {
    for (const method of Object.keys(tables.methods).filter(reads))
      expect(() => permissions.require(plan, method, '')).not.toThrow();
    for (const method of Object.keys(tables.methods).filter(
      (name) => !reads(name) && !name.endsWith('batchGet'),
    ))
      expect(() => permissions.require(plan, method, '')).toThrow(`${plan} lacks`);
  });

  test('do not suffice without the viewer of public keys', () => {
    const before = new Map(
      [...project.roles].map(([name, roles]) => [
        name,
        roles.filter((role) => !role.endsWith('publicKeyViewer')),
      ]),
    );
    const method = 'cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions.getPublicKey';

    for (const account of [plan, apply])
      expect(() =>
        new RolePermissions(tables, before, project.customRoles).require(account, method, ''),
      ).toThrow('lacks cloudkms.cryptoKeyVersions.viewPublicKey');
  });
});
