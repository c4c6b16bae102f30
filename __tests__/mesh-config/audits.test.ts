import { auditEnvironment } from '../support/audits';
import { titled } from '../support/catalogues';
import { auditedStates } from './own-catalogue';

for (const { title, catalogue } of auditedStates())
  if (catalogue.violations.length > 0)
    test(`the catalogue is valid, so that it can be audited: ${title}`, () => {
      throw new Error(`${catalogue.violations.length} violations; run 'npx mesh validate'`);
    });
  else describe.each(titled(title, catalogue))('%s', (_, environment) => auditEnvironment(environment));
