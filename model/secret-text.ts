/** Recognizes secrets in texts, by their form. */

/** Patterns of secrets, with a name for the message. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\bAIza[\w-]{35}\b/, 'a Google API key'],
  [/\bya29\.[\w-]{20,}/, 'a Google access token'],
  [/\bGOCSPX-[\w-]{20,}/, 'an OAuth client secret'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b/, 'a token of a code host'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/, 'a signed token'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@${}]+@/, 'a URL with a password'],
];

/** Matches whenever one of the patterns could: a fast first test, since most strings hold no secret. */
const SUSPICIOUS = /PRIVATE KEY|AIza|ya29|GOCSPX|gh[pousr]_|eyJ|:\/\/[^/]*@/;

/** What the text holds, without the secret itself: messages end in logs. */
export function secretIn(text: string): string | undefined {
  if (!SUSPICIOUS.test(text)) return undefined;
  return SECRET_TEXTS.find(([pattern]) => pattern.test(text))?.[1];
}

/** Digests are public: `sha256:5b2b…`, `sha384-oqVu…`. */
const DIGEST = /\bsha\d+[:-][A-Za-z0-9+/=]+/g;

const SHORTEST_RANDOM_WORD = 20;
const SHORTEST_HEXADECIMAL = 32;
/** Twenty random letters and digits have 4.1 bits per character, identifiers of several words at most 3.9. */
const RANDOM_BITS = 4;

/** Whether the text has a word that only a generator would write. */
export function holdsRandomWord(text: string): boolean {
  return text
    .replace(DIGEST, '')
    .split(/[^A-Za-z0-9_=-]+/)
    .some(isRandom);
}

function isRandom(word: string): boolean {
  const digits = word.replace(/[^0-9]/g, '').length;
  if (/^[0-9a-f]+$/i.test(word)) return word.length >= SHORTEST_HEXADECIMAL && digits < word.length;
  if (word.length < SHORTEST_RANDOM_WORD || bitsPerCharacter(word) < RANDOM_BITS) return false;
  return /[a-z]/.test(word) && /[A-Z]/.test(word) ? digits >= 1 : digits >= 4 && !/[-_]/.test(word);
}

/** Shannon entropy. */
function bitsPerCharacter(word: string): number {
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / word.length) * Math.log2(count / word.length),
    0,
  );
}

const SECRET_WORDS =
  /^(api-?key|credentials?|key|keys|passphrase|passwd|password|passwords|pwd|secret|secrets|token|tokens)$/;
/** `TOKEN_TTL`, `KEY_ID` and `PUBLIC_KEY` hold no secret. */
const HARMLESS_WORDS =
  /^(algorithm|audience|count|enabled|endpoint|file|folder|header|host|id|issuer|length|limit|minutes|ms|name|path|policy|prefix|public|seconds|size|ttl|type|uri|url|version)$/;

/** Whether a variable or a key of a file with this name usually holds a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const known = words.some((word) => SECRET_WORDS.test(word) || /(password|secret|token|apikey)$/.test(word));
  return known && !words.some((word) => HARMLESS_WORDS.test(word));
}
