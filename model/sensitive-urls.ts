/**
 * URLs with a card number or a credential. The load balancer and the proxies log the URL of each request; such entries
 * are not stored, and a count of them opens a ticket. PCI DSS 3.3.1, 3.5.1.
 */

/** Parameters of a query that are credentials or card data, whatever their value. */
export const SENSITIVE_PARAMETERS = [
  'access_token',
  'card_number',
  'cardnumber',
  'client_secret',
  'cvc',
  'cvv',
  'id_token',
  'pan',
  'password',
  'refresh_token',
] as const;

/** 13 to 19 digits, possibly in groups of four, that begin like the number of a payment card. */
const CARD_NUMBER =
  '(^|[^0-9A-Za-z])[3-6][0-9]{3}([-+ ]|%20)?[0-9]{4}([-+ ]|%20)?[0-9]{4}([-+ ]|%20)?[0-9]{1,7}([^0-9A-Za-z]|$)';
/** A JSON Web Token: header and payload begin with an encoded brace. */
const TOKEN = 'eyJ[A-Za-z0-9_-]+\\.eyJ';

/** Regular expression (RE2) that finds such a URL. */
export const SENSITIVE_URL = `(?i)[?&](${SENSITIVE_PARAMETERS.join('|')})=|${TOKEN}|${CARD_NUMBER}`;

/** Cloud Logging query for entries whose URL, or that of the page before, is sensitive. */
export const SENSITIVE_ENTRIES = ['requestUrl', 'referer']
  .map((field) => `httpRequest.${field}=~"${SENSITIVE_URL.replaceAll('\\', '\\\\')}"`)
  .join(' OR ');
