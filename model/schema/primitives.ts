/** Building blocks shared by every schema. Messages say the rule; the loader adds place, value and remedy. */
import { z } from 'zod';

/** RFC 1123 label, short enough that `<name>-v1` and every derived object name still fits in 63 characters. */
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

/**
 * One path language for calls, ingress routes and policies: an exact path, or a prefix that ends in `/*`.
 * It is the only form that VirtualService and AuthorizationPolicy both express without a regular expression.
 */
export const pathPattern = z
  .string()
  .regex(
    /^\/([A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*(\/\*)?|\*)?$/,
    "must be an exact path such as '/carts' or a prefix such as '/carts/*'",
  );

export const httpMethod = z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

export const milliseconds = z.int().min(1).max(600_000);

export const percent = z.number().min(0).max(100);

/** An image by tag or digest; whether a tag will do is the environment's rule. */
export const imageReference = z
  .string()
  .regex(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+(:[A-Za-z0-9._-]{1,128})?(@sha256:[0-9a-f]{64})?$/,
    "must be an image such as 'europe-west1-docker.pkg.dev/project/shop/cart@sha256:…'",
  );

export const versionName = z.string().regex(/^v[1-9]\d{0,3}$/, "must be 'v' and a number, such as 'v2'");

/** Cloud Monitoring writes `0.` and lower-case letters and digits. */
export const incidentId = z
  .string()
  .regex(
    /^[A-Za-z0-9._-]{1,100}$/,
    "must be the id of an incident such as '0.m1x2y3z4', as its ceiling tells it",
  );

/** A non-empty list without repetitions. */
export function uniqueList<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .min(1, 'must not be empty')
    .refine(
      (items) => new Set(items.map((entry) => JSON.stringify(entry))).size === items.length,
      'must not repeat an entry',
    );
}
