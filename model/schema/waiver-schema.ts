/** A rule that is knowingly broken, for a while. */
import { z } from 'zod';
import { dnsName } from './primitives';

export const waivers = z
  .array(
    z.strictObject({
      rule: z
        .string()
        .regex(/^[A-Z]{3}-\d{3}$/, "must be the id of a rule such as 'RES-001'")
        .describe("Rule that may be broken by this file; 'npx mesh rules' lists them."),
      reason: z.string().min(10).max(300).describe('Why, for an assessor to read.'),
      owner: dnsName.describe('Team that removes the waiver.'),
      expires: z.iso
        .date({ error: "must be a day in quotes such as '2030-01-31'" })
        .describe('Last day on which it holds; afterwards it is an error.'),
    }),
  )
  .default([])
  .describe('Rules that this file knowingly breaks until a day.');

export type WaiverSpec = z.output<typeof waivers>[number];
