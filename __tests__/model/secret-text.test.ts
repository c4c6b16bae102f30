import fc from 'fast-check';
import { holdsRandomWord, isSecretName } from '../../model/secret-text';

test.each([
  'DB_PASSWORD',
  'API_KEY',
  'APIKEY',
  'STRIPE_SECRET',
  'SECRET_KEY_BASE',
  'AUTH_TOKEN',
  'dbPassword',
  'client-secret',
  'CREDENTIALS',
  'PASSPHRASE',
  'PGPASSWORD',
  'ACCESSTOKEN',
])('%s names a secret', (name) => expect(isSecretName(name)).toBe(true));

test.each([
  'LOG_LEVEL',
  'TOKEN_TTL_SECONDS',
  'KEY_ID',
  'PUBLIC_KEY',
  'PASSWORD_MIN_LENGTH',
  'SECRET_FILE',
  'MONKEY',
  'KEYBOARD_LAYOUT',
  'TOKEN_ISSUER',
  'CACHE_KEY_PREFIX',
])('%s names none', (name) => expect(isSecretName(name)).toBe(false));

test.each([
  'info',
  'europe-west1-docker.pkg.dev/shop-prod-example/shop/checkout',
  'https://www.googleapis.com/service_accounts/v1/jwk',
  'com.example.OrderManagementServiceImplementation',
  'projects/shop-test/locations/europe-west1/clusters/shop-orders',
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  '100,200,300,400,500,600,700,800',
  '2030-01-31T12:00:00.000Z',
  '00000000000000000000000000000000',
  `registry.example/app@sha256:${'5b2b'.repeat(16)}`,
  'the quick brown fox jumps over the lazy dog',
  'X-Cloud-Trace-Context',
])('%s is not random', (text) => expect(holdsRandomWord(text)).toBe(false));

test.each([
  '9f86d081884c7d659a2feaa0c55ad015',
  'wJalrXUtnFEMI/K7MDENG/bPxRfiCYzE8AMPL2K3Yq',
  'k7f0q2m9x4v8b1n6z3c5l0p7',
  'connect with Zx81qLm4Tt0vWb7RkY2sNp9d now',
])('%s is random', (text) => expect(holdsRandomWord(text)).toBe(true));

test('of 32 random letters and digits, nearly all are found', () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const words = fc.sample(
    fc
      .array(fc.constantFrom(...alphabet), { minLength: 32, maxLength: 32 })
      .map((letters) => letters.join('')),
    { numRuns: 2_000, seed: 1 },
  );

  expect(words.filter(holdsRandomWord).length).toBeGreaterThan(1_960);
});
