import { kind, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import type { ApiObject } from '../engine/json';
import { schemaText } from '../engine/source';

interface Feature {
  readonly membershipSpecs?: Readonly<Record<string, ApiObject>>;
}

const SOURCE = schemaText('gkehub.v1#Feature.membershipSpecs');
const ACTIVE = {
  state: { code: 'OK' },
  servicemesh: {
    controlPlaneManagement: { state: 'ACTIVE', implementation: 'TRAFFIC_DIRECTOR' },
    dataPlaneManagement: { state: 'ACTIVE' },
  },
};

/** The mesh of a membership is active at once. */
export const GKE_HUB: Product = {
  kinds: {
    features: kind<Feature>({
      check: ({ membershipSpecs = {} }, { world }) => {
        for (const member of Object.keys(membershipSpecs))
          if (world.get('gkehub', member) === undefined)
            invalid(`membership ${member} does not exist`, SOURCE);
      },
      defaults: ({ membershipSpecs = {} }, { world }) => ({
        resourceState: { state: 'ACTIVE' },
        state: { state: { code: 'OK', updateTime: world.timestamp() } },
        membershipStates: Object.fromEntries(Object.keys(membershipSpecs).map((member) => [member, ACTIVE])),
      }),
    }),
  },
};
