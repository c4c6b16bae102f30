import { DnsManagedZone } from '@cdktf/provider-google/lib/dns-managed-zone';
import { DnsRecordSet } from '@cdktf/provider-google/lib/dns-record-set';
import { TerraformOutput, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { publicZoneName } from '../../model/naming';

export interface PublicRecord {
  readonly id: string;
  /** Fully qualified, with the trailing dot. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

export interface PublicNamesProps {
  /**
   * Domain of the zone to create.
   * @default the records become outputs, to be created in the zone of the domain
   */
  readonly zone?: string | undefined;
  readonly records: readonly PublicRecord[];
  /** Enabled APIs. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const TTL_SECONDS = 300;

/** Public DNS: host names, and the records that authorize the certificates. */
export class PublicNames extends Construct {
  constructor(scope: Construct, id: string, props: PublicNamesProps) {
    super(scope, id);
    const { zone: domain, records, dependsOn } = props;
    if (domain === undefined) {
      new TerraformOutput(this, 'Records', {
        description: 'Records to create in the zone of the domain',
        value: records.map(({ name, type, value }) => ({ name, type, value })),
      });
      return;
    }
    const zone = new DnsManagedZone(this, 'Zone', {
      name: publicZoneName(domain),
      dnsName: `${domain}.`,
      description: 'Public names',
      dnssecConfig: { state: 'on' },
      cloudLoggingConfig: { enableLogging: true },
      dependsOn: [...dependsOn],
    });
    new TerraformOutput(this, 'NameServers', {
      description: 'Name servers for the delegation from the parent domain',
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
