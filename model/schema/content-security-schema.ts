/** Content security policies of pages, in the environment file and for single routes. */
import { z } from 'zod';
import { dnsName, uniqueList } from './primitives';

/** In the order in which they are sent. Frames and reports have fields of their own. */
export const CSP_DIRECTIVES = [
  'default-src',
  'script-src',
  'script-src-elem',
  'script-src-attr',
  'style-src',
  'img-src',
  'font-src',
  'connect-src',
  'media-src',
  'object-src',
  'frame-src',
  'child-src',
  'worker-src',
  'manifest-src',
  'base-uri',
  'form-action',
] as const;

const KEYWORD = /^'(none|self|strict-dynamic|report-sample|unsafe-(inline|eval|hashes)|wasm-unsafe-eval)'$/;
const HASH = /^'sha(256|384|512)-[A-Za-z0-9+/_-]+=*'$/;
const SCHEME = /^(data|blob|https|wss):$/;
const HOST =
  /^(https|wss):\/\/(\*\.)?([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(:\d{1,5})?(\/[A-Za-z0-9._~/-]*)?$/;

/** No `*`, and nothing that ends a directive, a header or a template. */
const source = z
  .string()
  .refine(
    (text) =>
      [KEYWORD, HASH, SCHEME, HOST].some((form) => form.test(text)) || dnsName.safeParse(text).success,
    "must be a keyword such as \"'self'\", a hash, 'https://host', 'data:', 'pages', 'api' or a name in browsers.origins; never '*'",
  );

export const cspDirectives = z
  .partialRecord(z.enum(CSP_DIRECTIVES), uniqueList(source))
  .describe(
    "Sources by directive: keywords such as \"'self'\", hashes, 'https://host', 'pages' and 'api' for the environment's public hosts, names in browsers.origins. Browsers block everything else.",
  );

export type CspDirectives = z.output<typeof cspDirectives>;
