import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { TerraformOutput, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';

export interface PublicRecord {
  readonly id: string;
  /** Fully qualified, with the final dot. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface PublicNamesProps {
  /**
   * Domain of a zone made here.
   * @default the records become outputs, to be made wherever the domain lives
   */
  readonly zone?: string | undefined;
  readonly records: readonly PublicRecord[];
  /** APIs that must be on first. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const TTL_SECONDS = 300;

/** The shop's host names, and the records by which it proves that they are its own. */
export class PublicNames extends Construct {
  constructor(scope: Construct, id: string, props: PublicNamesProps) {
    super(scope, id);
    const { zone: domain, records, dependsOn } = props;
    if (domain === undefined) {
      new TerraformOutput(this, 'Records', {
        description: 'to be made in the zone of the domain',
        value: records.map(({ name, type, value }) => ({ name, type, value })),
      });
      return;
    }
    const zone = new DnsManagedZone(this, 'Zone', {
      name: domain.replaceAll('.', '-'),
      dnsName: `${domain}.`,
      description: 'Public names of the shop',
      dnssecConfig: { state: 'on' },
      cloudLoggingConfig: { enableLogging: true },
      dependsOn: [...dependsOn],
    });
    new TerraformOutput(this, 'NameServers', {
      description: 'what the parent domain must delegate to, once',
      value: zone.nameServers,
    });
    for (const { id: recordId, name, type, value } of records) {
      new DnsRecordSet(this, recordId, {
        managedZone: zone.name,
        name,
        type,
        ttl: TTL_SECONDS,
        rrdatas: [value],
      });
    }
  }
}
