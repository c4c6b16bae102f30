import type { Context } from '../engine/call';
import { kind, type Product } from '../engine/product';
import { invalid, refuse } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import { changeRecords, recordsOf, writeRecords } from './dns-records';
import { RFC_1035, requireName } from './names';

export interface ManagedZone {
  readonly name: string;
  readonly dnsName?: string;
  readonly visibility?: string;
  readonly nameServers?: readonly string[];
  readonly cloudLoggingConfig?: { readonly enableLogging?: boolean };
  readonly dnssecConfig?: { readonly state?: string };
}

const DNS_NAME = /^([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9_])?\.)+$/;
const ZONES = page('dns/docs/zones');
const LOGGING = page('dns/docs/monitoring#enable-logging');
const DELETION = page('dns/docs/zones#delete-zone');
const SIGNING = [
  { keyType: 'keySigning', algorithm: 'rsasha256', keyLength: 2_048, kind: 'dns#dnsKeySpec' },
  { keyType: 'zoneSigning', algorithm: 'rsasha256', keyLength: 1_024, kind: 'dns#dnsKeySpec' },
];

export const DNS: Product = {
  identity: (id, { world }) => ({ id: world.number(), name: id, creationTime: world.timestamp() }),
  methods: {
    'changes.create': changeRecords,
    'changes.get': ({ values }) => ({ id: values['changeId'], status: 'done', kind: 'dns#change' }),
    'resourceRecordSets.list': ({ path, query }, engine) => {
      const records = recordsOf(engine, path.replace(/\/rrsets$/, ''));
      const matches = (field: 'name' | 'type') => (record: { readonly [key in 'name' | 'type']: string }) =>
        !query.has(field) || record[field] === query.get(field);
      return {
        kind: 'dns#resourceRecordSetsListResponse',
        rrsets: records.filter(matches('name')).filter(matches('type')),
      };
    },
    'managedZones.delete': (call, engine, note) => {
      const { dnsName } = engine.read('dns', call.path);
      const rest = recordsOf(engine, call.path).filter(
        ({ type, name }) => !['NS', 'SOA'].includes(type) || name !== dnsName,
      );
      if (rest.length > 0)
        refuse(
          400,
          'containerNotEmpty',
          `The zone '${call.path}' contains resource records and cannot be deleted.`,
          DELETION,
        );
      engine.world.remove('dns', `${call.path}/rrsets`);
      return engine.remove(call, note);
    },
  },
  kinds: {
    managedZones: kind<ManagedZone>({
      check: checkZone,
      defaults: (zone) => ({
        kind: 'dns#managedZone',
        visibility: zone.visibility ?? 'public',
        // The provider sends an empty one for public zones.
        ...(zone.visibility !== 'private' && { privateVisibilityConfig: undefined }),
        nameServers:
          zone.visibility === 'private'
            ? ['ns-gcp-private.googledomains.com.']
            : ['a', 'b', 'c', 'd'].map((letter) => `ns-cloud-${letter}1.googledomains.com.`),
        cloudLoggingConfig: {
          kind: 'dns#managedZoneCloudLoggingConfig',
          enableLogging: false,
          ...zone.cloudLoggingConfig,
        },
        ...(zone.dnssecConfig && {
          dnssecConfig: {
            kind: 'dns#managedZoneDnsSecConfig',
            nonExistence: 'nsec3',
            defaultKeySpecs: SIGNING,
            ...zone.dnssecConfig,
          },
        }),
      }),
      created: ({ dnsName = '', nameServers = [] }, { world, name }) =>
        writeRecords(world, name, [
          { kind: 'dns#resourceRecordSet', name: dnsName, type: 'NS', ttl: 21_600, rrdatas: nameServers },
          {
            kind: 'dns#resourceRecordSet',
            name: dnsName,
            type: 'SOA',
            ttl: 21_600,
            rrdatas: [`${nameServers[0]} cloud-dns-hostmaster.google.com. 1 21600 3600 259200 300`],
          },
        ]),
    }),
  },
};

function checkZone(zone: ManagedZone, { world }: Context): void {
  const { name, dnsName = '', visibility } = zone;
  requireName(name, RFC_1035, schemaText('dns.v1#ManagedZone.name'));
  if (!DNS_NAME.test(dnsName))
    invalid(
      `Invalid value for 'entity.managedZone.dnsName': '${dnsName}'`,
      schemaText('dns.v1#ManagedZone.dnsName'),
    );
  if (visibility !== 'private') return;
  if (zone.cloudLoggingConfig?.enableLogging) invalid('query logging of a zone is for public zones', LOGGING);
  if (zone.dnssecConfig !== undefined && zone.dnssecConfig.state !== 'off')
    invalid('a private zone has no DNSSEC', page('dns/docs/dnssec-config'));
  for (const [key, other] of world.entries())
    if (
      /^dns\/.*\/managedZones\/[^/]+$/.test(key) &&
      other['visibility'] === 'private' &&
      other['dnsName'] === dnsName &&
      other['name'] !== name
    )
      invalid(`'${dnsName}' is already bound to the network by ${String(other['name'])}`, ZONES);
}
