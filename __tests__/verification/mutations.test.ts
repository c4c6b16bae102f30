import { ACCESS_MUTATIONS } from '../../verification/mutation/access-mutations';
import { EGRESS_MUTATIONS } from '../../verification/mutation/egress-mutations';
import { INTERCEPTION_MUTATIONS } from '../../verification/mutation/interception-mutations';
import { SHUTDOWN_MUTATIONS } from '../../verification/mutation/shutdown-mutations';
import { STATIC_MUTATIONS } from '../../verification/mutation/static-mutations';
import { TRAFFIC_MUTATIONS } from '../../verification/mutation/traffic-mutations';
import { everyObject } from '../support/audits/judges';
import { environmentNamed } from '../support/catalogues';

const objects = everyObject(environmentNamed('prod'));

const MUTATIONS = [
  ...STATIC_MUTATIONS,
  ...ACCESS_MUTATIONS,
  ...TRAFFIC_MUTATIONS,
  ...EGRESS_MUTATIONS,
  ...SHUTDOWN_MUTATIONS,
  ...INTERCEPTION_MUTATIONS,
];

test.each(MUTATIONS.map((mutation) => [mutation.what, mutation] as const))(
  'there still is what the mutation changes: %s',
  (_, { change }) => {
    expect(change(objects)).not.toEqual(objects);
  },
);
