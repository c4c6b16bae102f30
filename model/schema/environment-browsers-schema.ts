/** The section `browsers` of an environment file. */
import { z } from 'zod';
import { cspDirectives } from './content-security-schema';
import { dnsName, exactPath, uniqueList } from './primitives';

const origin = z
  .string()
  .regex(
    /^(https:\/\/([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}|http:\/\/localhost)(:[1-9]\d{0,4})?$/,
    "must be one exact origin such as 'https://partner.example', without path and never '*'",
  );

const headerName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,63}$/,
    "must be the name of a header in lower case, such as 'if-match', never '*'",
  );

const reports = z
  .union([
    exactPath,
    z
      .string()
      .regex(
        /^https:\/\/([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(\/[A-Za-z0-9._~/-]*)?$/,
        "must be a path of the pages' host such as '/csp-reports', or a URL that starts with 'https://'",
      ),
  ])
  .optional()
  .describe(
    "Where browsers report violations: a path of the pages' host, whose route takes POST without a token, or a URL. Default: nowhere, so nobody learns of a changed script (PCI DSS 11.6.1).",
  );

export const browsers = z
  .strictObject({
    origins: z
      .record(dnsName, origin)
      .default({})
      .describe(
        "Other origins by name, for `origins` of routes. 'pages', the pages' host of this environment, is known.",
      ),
    pageOrigins: z
      .array(origin)
      .default([])
      .describe(
        "Other origins with the rights of 'pages', such as http://localhost:3000 in a test environment. Default: none.",
      ),
    requestHeaders: uniqueList(headerName)
      .default([
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'if-none-match',
        'traceparent',
      ])
      .describe('Request headers that pages of other hosts may set. Browsers refuse calls with others.'),
    responseHeaders: uniqueList(headerName)
      .default(['etag', 'location', 'retry-after'])
      .describe('Response headers that pages of other hosts may read, besides the usual ones.'),
    credentials: z
      .boolean()
      .default(false)
      .describe(
        'true lets pages of other hosts send and receive cookies. A token in the Authorization header needs false.',
      ),
    preflightCacheSeconds: z
      .int()
      .min(0)
      .max(7_200)
      .default(600)
      .describe(
        'Time that a browser remembers the answer to a preflight. A withdrawn origin can call for as long. Chromium uses at most 7200 s.',
      ),
    strictTransportSecuritySeconds: z
      .int()
      .min(0)
      .max(63_072_000)
      .default(31_536_000)
      .describe(
        'Time that browsers refuse plain HTTP for both public hosts (HSTS). They keep the last value that they got; 0 takes it back.',
      ),
    referrerPolicy: z
      .enum(['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'])
      .default('strict-origin-when-cross-origin')
      .describe('What browsers tell other sites of the address of a page.'),
    framedBy: z
      .array(dnsName)
      .default([])
      .describe("Names of origins whose pages may show ours in a frame, or 'pages'. Default: none."),
    contentSecurityPolicy: z
      .strictObject({
        mode: z
          .enum(['enforce', 'report-only'])
          .default('enforce')
          .describe("'report-only' blocks nothing and reports what 'enforce' would block, for a rollout."),
        directives: cspDirectives.default({}),
        reports,
      })
      .prefault({})
      .describe(
        'Content security policy of pages (PCI DSS 6.4.3). Routes can replace directives. A page may tighten it by a header of its own. Default: only frames are limited.',
      ),
  })
  .prefault({})
  .describe(
    'What browsers may do: calls from pages of other hosts (CORS), and security headers of responses.',
  );
