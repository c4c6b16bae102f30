import { notNow, invalid } from '../engine/refusal';
import { kind, type Product } from '../engine/product';
import { page, schemaText } from '../engine/source';

interface Certificate {
  readonly scope?: string;
  readonly managed?: { readonly domains?: readonly string[] };
}

export const CERTIFICATE_MANAGER: Product = {
  kinds: {
    dnsAuthorizations: kind<{ readonly domain?: string; readonly type?: string }>({
      check: ({ domain = '' }) => {
        if (domain.startsWith('*.'))
          invalid(
            'domain: without the wildcard',
            schemaText('certificatemanager.v1#DnsAuthorization.domain'),
          );
      },
      defaults: ({ domain, type }, { world }) => ({
        type: type ?? 'FIXED_RECORD',
        dnsResourceRecord: {
          name: `_acme-challenge.${domain}.`,
          type: 'CNAME',
          data: `${world.uid()}.${Number(world.number()) % 20}.authorize.certificatemanager.goog.`,
        },
      }),
    }),
    certificates: kind<Certificate>({
      check: ({ managed }) => {
        if (managed !== undefined && (managed.domains ?? []).length === 0)
          invalid(
            'a managed certificate needs domains',
            schemaText('certificatemanager.v1#ManagedCertificate.domains'),
          );
      },
      defaults: ({ scope, managed }) => ({
        scope: scope ?? 'DEFAULT',
        sanDnsnames: managed?.domains,
        ...(managed && { managed: { ...managed, state: 'PROVISIONING' } }),
      }),
    }),
    certificateMaps: kind({
      deleting: (_map, { world, name }) => {
        if (world.children('certificatemanager', `${name}/certificateMapEntries`).length > 0)
          notNow(
            `The certificate map '${name}' has entries`,
            page('certificate-manager/docs/maps#delete-cert-map'),
          );
      },
    }),
    certificateMapEntries: kind<{ readonly hostname?: string; readonly matcher?: string }>({
      check: ({ hostname, matcher }) => {
        if ((hostname === undefined) === (matcher === undefined))
          invalid(
            'either hostname or matcher',
            schemaText('certificatemanager.v1#CertificateMapEntry.matcher'),
          );
      },
      defaults: () => ({ state: 'ACTIVE' }),
    }),
  },
};
