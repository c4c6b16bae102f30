import { auditEnvironment } from '../support/audits';
import { FIXTURE_ENVIRONMENTS } from '../support/catalogues';

describe.each(FIXTURE_ENVIRONMENTS)('%s', (_, environment) => auditEnvironment(environment));
