/** Names of other resources in a body must be those of resources that exist. */
import { visitLeaves } from '../engine/json';
import { refuse } from '../engine/refusal';
import { aip, schemaText, type Source } from '../engine/source';
import type { CloudState } from '../engine/world';

interface Reference {
  readonly api: string;
  /** Its first group is the name of the resource. */
  readonly expression: RegExp;
  readonly code: number;
  readonly status: string;
  readonly source: Source;
}

const REFERENCES: readonly Reference[] = [
  {
    api: 'compute',
    expression:
      /^(?:https:\/\/(?:www|compute)\.googleapis\.com\/compute\/v1\/)?(projects\/[^/]+\/(?:global|regions\/[^/]+|zones\/[^/]+)\/(?:networks|subnetworks|addresses|routers|sslPolicies|securityPolicies|firewallPolicies)\/[^/]+)$/,
    code: 400,
    status: 'INVALID_ARGUMENT',
    source: schemaText('compute.v1#Subnetwork.network'),
  },
  {
    api: 'pubsub',
    expression: /^(?:pubsub\.googleapis\.com\/)?(projects\/[^/]+\/topics\/[^/]+)$/,
    code: 404,
    status: 'NOT_FOUND',
    source: schemaText('pubsub.v1#Subscription.topic'),
  },
  {
    api: 'monitoring',
    expression: /^(projects\/[^/]+\/notificationChannels\/[^/]+)$/,
    code: 404,
    status: 'NOT_FOUND',
    source: schemaText('monitoring.v3#AlertPolicy.notificationChannels'),
  },
  {
    api: 'workflows',
    expression: /^(projects\/[^/]+\/locations\/[^/]+\/workflows\/[^/]+)$/,
    code: 400,
    status: 'INVALID_ARGUMENT',
    source: schemaText('eventarc.v1#Destination.workflow'),
  },
  {
    api: 'certificatemanager',
    expression:
      /^(projects\/[^/]+\/locations\/[^/]+\/(?:certificates|dnsAuthorizations|certificateMaps)\/[^/]+)$/,
    code: 400,
    status: 'INVALID_ARGUMENT',
    source: schemaText('certificatemanager.v1#CertificateMapEntry.certificates'),
  },
  {
    api: 'logging',
    expression: /^logging\.googleapis\.com\/(projects\/[^/]+\/locations\/[^/]+\/buckets\/[^/]+)$/,
    code: 404,
    status: 'NOT_FOUND',
    source: schemaText('logging.v2#LogSink.destination'),
  },
];
const ACCOUNT =
  /^(?:projects\/[^/]+\/serviceAccounts\/)?([a-z][a-z0-9-]*@[a-z0-9-]+\.iam\.gserviceaccount\.com)$/;
/** The resource itself, and texts in which names may be anything. */
const IGNORED = new Set(['selfLink', 'name', 'id', 'etag', 'email']);
const TEXTS = new Set([
  'source',
  'sourceContents',
  'filter',
  'query',
  'content',
  'expression',
  'description',
]);

export function requireReferences(world: CloudState, body: unknown): void {
  visitLeaves(body, (value, path) => {
    const field = path.at(-1) ?? '';
    if (typeof value !== 'string' || IGNORED.has(field) || TEXTS.has(field)) return;
    for (const { api, expression, code, status, source } of REFERENCES) {
      const [, name] = expression.exec(value) ?? [];
      if (name !== undefined && world.get(api, name) === undefined)
        refuse(code, status, `The resource '${name}' was not found (field ${path.join('.')})`, source);
    }
    const [, account] = ACCOUNT.exec(value) ?? [];
    if (account !== undefined && !world.hasAccount(account))
      refuse(
        400,
        'INVALID_ARGUMENT',
        `Service account ${account} does not exist (field ${path.join('.')})`,
        aip(122),
      );
  });
}
