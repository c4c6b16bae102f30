/** What a service's container gets: command, arguments, environment variables and files. */
import { z } from 'zod';

const text = z.string().regex(/^[^\0]*$/, 'must not contain a NUL character');

/** Largest variable: the kernel limits one to 128 KiB, and all of them together. */
const LONGEST_VARIABLE = 8_192;

export const env = z
  .record(
    z
      .string()
      .regex(
        /^[A-Za-z_][A-Za-z0-9_]{0,99}$/,
        'must be letters, digits and underscores, not starting with a digit',
      ),
    text.max(LONGEST_VARIABLE),
  )
  .default({})
  .describe(
    "Environment variables, as strings in quotes. Kubernetes replaces $(NAME) by a variable that is set before; $$(NAME) stays. Values are public to everybody who can read this repository or the pods: use 'secrets' for others. A change restarts the pods.",
  );

export const files = z
  .record(
    z
      .string()
      .regex(
        /^[A-Za-z0-9_][-._A-Za-z0-9]{0,99}$/,
        'must be a file name of letters, digits, dashes, dots and underscores',
      ),
    text,
  )
  .default({})
  .describe(
    'Read-only files in /etc/config, by name, at most 128 KiB in total. Public like env. A change restarts the pods; a running container keeps its files.',
  );

export const command = z
  .array(text)
  .min(1, 'must not be empty')
  .optional()
  .describe("Replaces the image's ENTRYPOINT. Not run in a shell. Default: the image's.");

export const args = z
  .array(text)
  .optional()
  .describe(
    "Replaces the image's CMD. $(NAME) is replaced by the variable. Default: the image's, or none if command is set.",
  );
