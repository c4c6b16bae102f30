import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

const KEY_ID = 'lab';

/** Claims that replace those of a valid token. */
export interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string;
  /** Seconds since 1970. */
  readonly exp?: number;
}

/** Issues end-user tokens as the environment's issuer does. */
export class TokenIssuer {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });

  constructor(
    private readonly issuer: string,
    private readonly audience: string,
  ) {}

  /** JSON Web Key Set. */
  jwks(): string {
    const key = this.keys.publicKey.export({ format: 'jwk' });
    return JSON.stringify({ keys: [{ ...key, kid: KEY_ID, alg: 'RS256', use: 'sig' }] });
  }

  /** A token that is valid for ten minutes, unless the claims change that. */
  token(claims: Claims = {}): string {
    return this.sign(claims, this.keys.privateKey);
  }

  /** A token with valid claims and the signature of another key. */
  forged(): string {
    return this.sign({}, generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey);
  }

  private sign(claims: Claims, key: KeyObject): string {
    const now = Math.floor(Date.now() / 1_000);
    const valid = { iss: this.issuer, aud: this.audience, sub: 'lab-client', iat: now - 60, exp: now + 600 };
    const text = [
      { alg: 'RS256', typ: 'JWT', kid: KEY_ID },
      { ...valid, ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  }
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
