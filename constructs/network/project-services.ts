import { ProjectService } from '@cdktf/provider-google/lib/project-service';
import { Construct } from 'constructs';
import { PROJECT_APIS } from '../../model/project-apis';

/** Google APIs of the project. They stay on when the stack goes: others may use them by then. */
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
