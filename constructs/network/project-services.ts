import { ProjectService } from '@cdktf/provider-google/lib/project-service';
import { Construct } from 'constructs';
import { PROJECT_APIS } from '../../model/project-apis';

/** Google APIs of the project. They stay enabled when the stack is destroyed, because others may use them. */
export class ProjectServices extends Construct {
  public readonly all: readonly ProjectService[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.all = PROJECT_APIS.map(
      (name) =>
        new ProjectService(this, name, { service: `${name}.googleapis.com`, disableOnDestroy: false }),
    );
  }
}
