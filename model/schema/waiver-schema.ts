/** Waivers: accepted violations of rules until a date. */
import { z } from 'zod';
import { day, dnsName } from './primitives';

export const waivers = z
  .array(
    z.strictObject({
      rule: z
        .string()
        .regex(/^[A-Z]{3}-\d{3}$/, "must be the id of a rule such as 'RES-001'")
        .describe("Id of the waived rule; 'npx mesh rules' lists them."),
      reason: z.string().min(10).max(300).describe('Justification, for assessors.'),
      owner: dnsName.describe('Team that removes the waiver.'),
      expires: day.describe('Last valid day. An expired waiver is an error.'),
    }),
  )
  .default([])
  .describe('Rules that this file may violate until a date.');

export type WaiverSpec = z.output<typeof waivers>[number];
