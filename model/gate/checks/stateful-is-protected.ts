import { addressOf, valuesAt, type GateCheck, type JsonValue } from '../gate-check';

/** Stateful resource types, with the provider's attribute for deletion protection if there is one. */
const STATEFUL: Readonly<Record<string, string | undefined>> = {
  google_alloydb_cluster: undefined,
  google_alloydb_instance: undefined,
  google_bigquery_table: 'deletion_protection',
  google_container_cluster: 'deletion_protection',
  google_kms_crypto_key: undefined,
  google_logging_project_bucket_config: undefined,
  google_secret_manager_secret: 'deletion_protection',
  google_spanner_database: 'deletion_protection',
  google_sql_database_instance: 'deletion_protection',
  google_storage_bucket: undefined,
};

export const statefulIsProtected: GateCheck = {
  id: 'GAT-007',
  title: 'Stateful resources are protected in production',
  severity: 'error',
  rationale:
    'A renamed resource is a deletion in the plan, and without protection a single hasty approval deletes the data (PCI DSS 10.3.2, 12.3.1).',
  source: 'https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy',
  fix: 'set deletion_protection if the type has it, else lifecycle.prevent_destroy',
  check: ({ production, resources }) =>
    resources
      .filter(({ type }) => production && type in STATEFUL)
      .flatMap((resource) => {
        const violations = [
          ...unprotected(resource.body, STATEFUL[resource.type]),
          ...deletesContent(resource.body),
        ];
        return violations.map((message) => ({ address: addressOf(resource), message }));
      }),
};

function unprotected(body: JsonValue, attribute: string | undefined): string[] {
  if (attribute !== undefined)
    return valuesAt(body, attribute).includes(true) ? [] : [`${attribute} is not true`];
  return valuesAt(body, 'lifecycle.prevent_destroy').includes(true)
    ? []
    : ['lifecycle.prevent_destroy is not true'];
}

/** Attributes that delete the content first, which defeats the protection. */
function deletesContent(body: JsonValue): string[] {
  return ['force_destroy', 'delete_contents_on_destroy']
    .filter((attribute) => valuesAt(body, attribute).includes(true))
    .map((attribute) => `${attribute} is true`);
}
