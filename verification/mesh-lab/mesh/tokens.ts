import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

const KEY_ID = 'lab';

/** What a token may say otherwise than a good one. */
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

  /** A token that is good for ten minutes, but for what the claims change. */
  token(claims: Claims = {}): string {
    return this.sign(claims, this.keys.privateKey);
  }

  /** A token that says all the right things and is signed by somebody else. */
  forged(): string {
    return this.sign({}, generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey);
  }

  private sign(claims: Claims, key: KeyObject): string {
    const now = Math.floor(Date.now() / 1_000);
    const good = { iss: this.issuer, aud: this.audience, sub: 'visitor', iat: now - 60, exp: now + 600 };
    const text = [
      { alg: 'RS256', typ: 'JWT', kid: KEY_ID },
      { ...good, ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
  }
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
