import { type Environment } from '../../../model/environment';
import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';

const KEY_ID = 'lab';

/** Claims that replace those of a valid token. */
export interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly sub?: string;
  /** Seconds since 1970. */
  readonly exp?: number;
  /** Scopes and other claims that routes require. */
  readonly [claim: string]: unknown;
}

/** Issues end-user tokens as the environment's issuer does. */
export class TokenIssuer {
  private readonly valid: Claims;
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });

  constructor(
    { issuer, audiences: [audience = ''] }: Environment['jwt'],
    /** Whose requirements every valid token meets. @default none */
    services: Environment['services'] = [],
  ) {
    this.valid = { iss: issuer, aud: audience, sub: 'lab-client', ...claimsThatMeet(services) };
  }

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
    const valid = { ...this.valid, iat: now - 60, exp: now + 600 };
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

/** Every scope and every accepted value of a claim that some route requires. */
function claimsThatMeet(services: Environment['services']): Record<string, unknown> {
  const requirements = services.flatMap(({ ingress }) => ingress.flatMap(({ requires }) => requires ?? []));
  const claims: Record<string, string[]> = {};
  for (const [name, values] of requirements.flatMap(({ claims: own = {} }) => Object.entries(own)))
    claims[name] = [...(claims[name] ?? []), ...values];
  return { scope: requirements.flatMap(({ scopes = [] }) => scopes).join(' '), ...claims };
}
