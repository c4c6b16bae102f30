import type { ApiCall } from '../engine/call';
import type { Engine } from '../engine/product';
import type { ApiObject } from '../engine/json';
import { invalid, refuse } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import type { CloudState } from '../engine/world';

export interface DnsRecord extends ApiObject {
  readonly name: string;
  readonly type: string;
  readonly ttl?: number;
  readonly rrdatas?: readonly string[];
}

const ALIAS = page('dns/docs/records-overview#supported_dns_record_types');
const DATA = schemaText('dns.v1#ResourceRecordSet.rrdatas');
const CHANGES = page('dns/docs/reference/rest/v1/changes/create');

/** The records of a zone are stored as one resource below it. */
export function recordsOf(engine: Engine, zone: string): readonly DnsRecord[] {
  engine.read('dns', zone);
  return (engine.world.get('dns', `${zone}/rrsets`)?.['rrsets'] as DnsRecord[] | undefined) ?? [];
}

export function writeRecords(world: CloudState, zone: string, rrsets: readonly DnsRecord[]): void {
  world.put('dns', `${zone}/rrsets`, { rrsets });
}

export function changeRecords({ path, body }: ApiCall, engine: Engine): ApiObject {
  const zoneName = path.replace(/\/changes$/, '');
  const dnsName = String(engine.read('dns', zoneName)['dnsName']);
  const { deletions = [], additions = [] } = body as { deletions?: DnsRecord[]; additions?: DnsRecord[] };
  let records = recordsOf(engine, zoneName);
  for (const { name, type } of deletions) {
    if (!records.some((record) => record.name === name && record.type === type))
      refuse(404, 'notFound', `The record '${name} (${type})' does not exist.`, CHANGES);
    records = records.filter((record) => record.name !== name || record.type !== type);
  }
  for (const record of additions) {
    checkRecord(record, dnsName, records);
    records = [...records, { kind: 'dns#resourceRecordSet', ...record }];
  }
  writeRecords(engine.world, zoneName, records);
  return {
    kind: 'dns#change',
    id: engine.world.number(),
    status: 'done',
    startTime: engine.world.timestamp(),
    additions,
    deletions,
  };
}

function checkRecord(
  { name, type, ttl, rrdatas = [] }: DnsRecord,
  zone: string,
  others: readonly DnsRecord[],
): void {
  const shown = `'${name} (${type})'`;
  if (name !== zone && !name.endsWith(`.${zone}`)) invalid(`the record ${shown} is not in ${zone}`, CHANGES);
  if (others.some((other) => other.name === name && other.type === type))
    refuse(409, 'alreadyExists', `The record ${shown} already exists`, CHANGES);
  const beside = others.filter((other) => other.name === name);
  if (type === 'CNAME' ? beside.length > 0 : beside.some((other) => other.type === 'CNAME'))
    refuse(400, 'cnameResourceRecordSetConflict', `a CNAME excludes other records of '${name}'`, ALIAS);
  if (ttl === undefined)
    invalid(`the record ${shown} needs a ttl`, schemaText('dns.v1#ResourceRecordSet.ttl'));
  if (rrdatas.length === 0) invalid(`the record ${shown} has no data`, DATA);
  for (const data of rrdatas) {
    if (type === 'A' && !/^\d+(\.\d+){3}$/.test(data)) invalid(`'${data}' is not an IPv4 address`, DATA);
    if (type === 'CNAME' && !data.endsWith('.')) invalid(`'${data}' must end with a dot`, DATA);
  }
}
