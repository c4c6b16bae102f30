/** Port of the public hosts. */
export const PUBLIC_PORT = 443;
/** Port of third parties inside of the mesh. */
export const THIRD_PARTY_PORT = 80;

/** Clients may send the Host header with or without the port. A wildcard would also match `host:@evil.example`. */
export function hostForms(host: string, port: number): string[] {
  return [host, `${host}:${port}`];
}
