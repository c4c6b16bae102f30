/** Types that several schemas use. Messages state the rule; the loader adds place, value and fix. */
import { z } from 'zod';

/** RFC 1123 label, short enough for derived object names of at most 63 characters. */
export const dnsName = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, at most 40, starting with a letter',
  );

export const hostName = z
  .string()
  .max(253, 'must be at most 253 characters')
  .regex(
    /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    'must be a fully qualified host name in lower case',
  );

export const emailAddress = z
  .string()
  .regex(/^[^\s@]+@([a-z0-9-]+\.)+[a-z]{2,}$/i, 'must be an e-mail address');

export const httpsUrl = z
  .string()
  .regex(/^https:\/\/[a-z0-9.-]+(\/\S*)?$/i, "must be a URL that starts with 'https://'");

export const ipv4Cidr = z
  .string()
  .regex(
    /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)\/(3[0-2]|[12]?\d)$/,
    "must be an IPv4 range such as '10.10.0.0/20'",
  );

export const ipv4Address = z
  .string()
  .regex(
    /^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)$/,
    "must be an IPv4 address such as '10.10.15.10'",
  );

/** Proxies and servers resolve `/a/../b` differently, so policies on such a path match another request. */
const isNormalPath = (path: string) => !path.split('/').some((segment) => /^\.{1,2}$/.test(segment));
const NORMAL_PATH = "must not have the segments '.' and '..', which proxies remove before policies match";

/**
 * An exact path, or a prefix that ends in `/*`. VirtualService and AuthorizationPolicy both support these forms
 * without regular expressions. Proxies normalize paths before they match them, so encoded characters and empty
 * segments are not allowed.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/security/#customize-your-system-on-path-normalization
 */
export const pathPattern = z
  .string()
  .regex(
    /^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*(\/\*)?|\*)?$/,
    "must be an exact path such as '/carts' or a prefix such as '/carts/*'",
  )
  .refine(isNormalPath, NORMAL_PATH);

/** A path that is requested, which a prefix cannot be. */
export const exactPath = z
  .string()
  .regex(/^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*)?$/, "must be a path such as '/ready'")
  .refine(isNormalPath, NORMAL_PATH);

export const httpMethod = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** UTC, to the second. */
export const day = z.iso.date({ error: "must be a day in quotes such as '2030-01-31'" });
export const instant = z.iso.datetime("must be a time in UTC such as '2030-01-31T12:00:00Z'");

export const milliseconds = z.int().min(1).max(600_000);

/** By tag or digest. Environments may require a digest. */
export const imageReference = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[A-Za-z0-9._-]{1,128})?(@sha256:[0-9a-f]{64})?$/,
    "must be an image such as 'europe-west1-docker.pkg.dev/project/repository/cart@sha256:…'",
  );

export const imageDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, "must be 'sha256:' and 64 hexadecimal digits");

export const versionName = z.string().regex(/^v[1-9]\d{0,3}$/, "must be 'v' and a number, such as 'v2'");

/** Cloud Monitoring uses `0.` followed by lower-case letters and digits. */
export const incidentId = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]{1,100}$/,
    "must be the id of an incident such as '0.m1x2y3z4', as shown in its weight cap",
  );

/** A non-empty list without duplicates. */
export function uniqueList<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .min(1, 'must not be empty')
    .refine(
      (items) => new Set(items.map((entry) => JSON.stringify(entry))).size === items.length,
      'must not contain duplicates',
    );
}
