/** What clients of an ingress route must show beyond a valid token. */
import { z } from 'zod';
import { dnsName, ipv4Cidr, uniqueList } from './primitives';

const claimValue = z
  .string()
  .regex(
    /^[A-Za-z0-9:/._@~-]{1,100}$/,
    'must be letters, digits and any of : / . _ @ ~ -, without wildcards',
  );

const claimName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9:/._-]{0,99}$/, "must be the name of a claim, such as 'role'")
  .refine(
    (name) => !['iss', 'aud', 'exp', 'nbf', 'iat', 'scope'].includes(name),
    "must not be a claim that is checked already; for 'scope' use scopes",
  );

export const requires = z
  .strictObject({
    scopes: uniqueList(claimValue)
      .optional()
      .describe("Scopes that the token must all have, in its claim 'scope' (a list, or words in one text)."),
    claims: z
      .record(claimName, uniqueList(claimValue))
      .optional()
      .describe(
        'Claims of the token, each with its accepted values. A claim that is a list must have one of them.',
      ),
  })
  .refine(
    ({ scopes, claims }) => scopes !== undefined || Object.keys(claims ?? {}).length > 0,
    'must have scopes or claims',
  )
  .describe(
    'What a valid token must say. Other tokens get 403, at the gateway and at the service. Needs jwt: required.',
  );

export const webhook = z
  .strictObject({
    sourceRanges: uniqueList(ipv4Cidr)
      .max(30)
      .describe('Addresses that the caller publishes for its calls. Others get 403.'),
    requestsPerMinute: z
      .int()
      .min(10)
      .max(100_000)
      .default(120)
      .describe(
        'Limit per source address, apart from that of other clients; requests above it get 429, and a caller retries them.',
      ),
    signingSecret: dnsName.describe(
      "One of the service's secrets: the key with which the application verifies the signature of each call. The mesh cannot.",
    ),
  })
  .describe(
    'A call-back of a third party, signed, without an end-user token: one exact path, POST, from these addresses only.',
  );
