import { auditEnvironment } from '../support/audits';
import { titled } from '../support/catalogues';
import { ownCatalogue } from './own-catalogue';

const catalogue = ownCatalogue();

if (catalogue.violations.length > 0)
  test('the catalogue is valid, so that it can be audited', () => {
    throw new Error(`${catalogue.violations.length} violations; run 'npx mesh validate'`);
  });
else describe.each(titled('mesh-config', catalogue))('%s', (_, environment) => auditEnvironment(environment));
