import { AlloydbUser } from '@cdktf/provider-google/lib/alloydb-user';
import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { ServiceAccountIamMember } from '@cdktf/provider-google/lib/service-account-iam-member';
import { SqlUser } from '@cdktf/provider-google/lib/sql-user';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../model/environment';
import { grantedWorkloads } from '../../model/granted-workloads';
import { databaseLogin, databaseName, databaseServiceAccountId, trustDomain } from '../../model/naming';
import type { Service } from '../../model/service';

export interface DatabaseIdentityProps {
  readonly environment: Environment;
  readonly service: Service;
  readonly database: ITerraformDependable;
}

const ROLES = {
  alloydb: ['roles/alloydb.client', 'roles/alloydb.databaseUser', 'roles/serviceusage.serviceUsageConsumer'],
  'cloud-sql': ['roles/cloudsql.client', 'roles/cloudsql.instanceUser'],
} as const;

/**
 * A service's database login without a password: its pods impersonate a Google service account, which is a database
 * user. The account is needed because the database accepts no federated identity. PCI DSS 7.2.5, 8.6.1.
 */
export class DatabaseIdentity extends Construct {
  constructor(scope: Construct, id: string, props: DatabaseIdentityProps) {
    super(scope, id);
    const { environment, service, database } = props;
    const { project } = environment;
    const { engine } = environment.database;

    const account = new ServiceAccount(this, 'Account', {
      accountId: databaseServiceAccountId(service.name),
      displayName: `Database login of ${service.name}`,
    });
    for (const role of ROLES[engine]) {
      new ProjectIamMember(this, role.replace('roles/', ''), {
        project: project.id,
        role,
        member: account.member,
      });
    }
    for (const workload of grantedWorkloads(service)) {
      new ServiceAccountIamMember(this, `${workload}-pods`, {
        serviceAccountId: account.name,
        role: 'roles/iam.workloadIdentityUser',
        member: `serviceAccount:${trustDomain(project.id)}[${service.namespace}/${workload}]`,
      });
    }

    const login = databaseLogin(service.name, project.id);
    if (engine === 'alloydb') {
      new AlloydbUser(this, 'Login', {
        cluster: `projects/${project.id}/locations/${environment.region}/clusters/${databaseName(environment)}`,
        userId: login,
        userType: 'ALLOYDB_IAM_USER',
        databaseRoles: ['alloydbiamuser'],
        dependsOn: [database, account],
      });
    } else {
      new SqlUser(this, 'Login', {
        instance: databaseName(environment),
        name: login,
        type: 'CLOUD_IAM_SERVICE_ACCOUNT',
        // PostgreSQL cannot drop a role that owns tables.
        deletionPolicy: 'ABANDON',
        dependsOn: [database, account],
      });
    }
  }
}
