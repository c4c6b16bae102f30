import type { Environment } from '../model/environment';

/**
 * Which tokens a RequestAuthentication accepts. The token is passed on, so that the service behind the
 * gateway can check it again.
 */
export function renderJwtRule(jwt: Environment['jwt']) {
  return {
    issuer: jwt.issuer,
    jwksUri: jwt.jwksUri,
    audiences: [...jwt.audiences],
    forwardOriginalToken: true,
  };
}
