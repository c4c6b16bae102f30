/**
 * Where a rule comes from, the strongest evidence first:
 * - `schema`: a discovery document, machine-readable;
 * - `description`: the text of a discovery document;
 * - `documentation`: a page of Google's;
 * - `report`: an error that somebody met and published, such as an issue of the Terraform provider;
 * - `convention`: how Google's APIs behave in general (https://google.aip.dev), not stated for this method.
 */
export type Strength = 'schema' | 'description' | 'documentation' | 'report' | 'convention';

export interface Source {
  readonly strength: Strength;
  /** URL, or `<document>#<schema>.<field>`. */
  readonly reference: string;
}

/** @param reference `monitoring.v3#AlertPolicy.documentation` */
export function schemaText(reference: string): Source {
  return { strength: 'description', reference };
}

/** @param path below https://cloud.google.com/ */
export function page(path: string): Source {
  return { strength: 'documentation', reference: `https://cloud.google.com/${path}` };
}

/** @param number of an issue of hashicorp/terraform-provider-google */
export function providerIssue(number: number): Source {
  return {
    strength: 'report',
    reference: `https://github.com/hashicorp/terraform-provider-google/issues/${number}`,
  };
}

/** @param number of an API improvement proposal */
export function aip(number: number): Source {
  return { strength: 'convention', reference: `https://google.aip.dev/${number}` };
}
