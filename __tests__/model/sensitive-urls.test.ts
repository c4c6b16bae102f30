import { SENSITIVE_ENTRIES, SENSITIVE_URL } from '../../model/sensitive-urls';

/** RE2 and JavaScript differ in the flag only. */
const expression = new RegExp(SENSITIVE_URL.replace('(?i)', ''), 'i');
const url = (rest: string) => `https://api.shop.example${rest}`;

test.each([
  '/checkout?access_token=abc',
  '/checkout?a=b&PASSWORD=x',
  '/pay?pan=1',
  '/callback?code=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
  '/cards/4111111111111111',
  '/cards?number=4111-1111-1111-1111',
  '/cards?number=4111%201111%201111%201111',
  '/cards?number=4111+1111+1111+1111',
  '/cards/378282246310005/tokens',
  '/cards?n=6011111111111117',
])('%s is not stored', (rest) => {
  expect(url(rest)).toMatch(expression);
});

test.each([
  '/carts/lab',
  '/orders/9f1c2f60-8f3b-4b1e-9c5d-2f4a5b6c7d8e',
  '/products?page=2&token=abc',
  '/orders/20260131000123',
  '/events?since=1764300000000',
  '/images/4111111111111111abc.png',
  '/spanner?span=1',
])('%s is stored', (rest) => {
  expect(url(rest)).not.toMatch(expression);
});

test('the query holds the expression as a quoted text', () => {
  const [, quoted = ''] = /requestUrl=~"((?:[^"\\\\]|\\\\.)*)"/.exec(SENSITIVE_ENTRIES) ?? [];
  expect(JSON.parse(`"${quoted}"`)).toBe(SENSITIVE_URL);
});
