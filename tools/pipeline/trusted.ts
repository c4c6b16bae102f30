/**
 * A plan executes its configuration with the pipeline's credentials before anyone has reviewed it. So the configuration
 * may only contain what synth writes: programs, endpoints that would receive the token, and local files are rejected.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SynthesizedStack } from '../synthesized-stacks';
import { UsageError } from '../command-line';
import { readJsonFile } from '../json-file';

/** Names of files that Terraform loads. */
const LOADED = /\.(tf|tofu|tfvars)(\.json)?$/;
const CONFIGURATION = 'cdk.tf.json';
const SOURCE = /^((registry\.terraform\.io\/)?hashicorp\/)?(google|helm|kubernetes)$/;
const PROVIDER = /^(google|helm|kubernetes)(\.\w+)?$/;
const RESOURCE = /^((google|kubernetes)_\w+|helm_release|terraform_data)$/;
/** Functions that read files, and functions of providers. A comment may stand between a name and what follows. */
const READS_FILES =
  /\b(file\w*|templatefile|templatestring)\s*(\(|\/\*|\/\/|#)|\bprovider\s*(::|\/\*|\/\/|#)/;

const comment = z.unknown().optional();
/** The cluster's address, read from the project's API. */
const host = z
  .string()
  .regex(
    /^https:\/\/\$\{data\.google_container_cluster\.\w+\.control_plane_endpoints_config\[0\]\.dns_endpoint_config\[0\]\.endpoint\}$/,
  );
const exec = z.strictObject({ api_version: z.string(), command: z.literal('gke-gcloud-auth-plugin') });
/** A provisioner runs at apply, after the review. Helm's post-renderer runs at plan. */
const element = z.looseObject({
  provider: z.string().regex(PROVIDER).optional(),
  postrender: z.never().optional(),
});
const elements = z.record(z.string(), element);

const configurationOf = (projectId: string) =>
  z.strictObject({
    '//': comment,
    terraform: z.strictObject({
      backend: z
        .union([
          z.strictObject({ local: z.strictObject({ path: z.string() }) }),
          z.strictObject({ gcs: z.strictObject({ bucket: z.string(), prefix: z.string() }) }),
        ])
        .optional(),
      required_providers: z.record(
        z.string(),
        z.strictObject({ source: z.string().regex(SOURCE), version: z.string() }),
      ),
    }),
    provider: z.strictObject({
      google: z.array(
        z.strictObject({
          project: z.literal(projectId),
          region: z.string(),
          default_labels: z.record(z.string(), z.string()),
        }),
      ),
      kubernetes: z.array(z.strictObject({ host, exec: z.array(exec) })).optional(),
      helm: z
        .array(z.strictObject({ helm_driver: z.string(), kubernetes: z.strictObject({ host, exec }) }))
        .optional(),
    }),
    resource: z.record(z.string().regex(RESOURCE), elements).optional(),
    data: z
      .strictObject({
        google_container_cluster: z
          .record(z.string(), element.and(z.looseObject({ project: z.literal(projectId) })))
          .optional(),
        google_kms_crypto_key_version: elements.optional(),
        google_logging_project_cmek_settings: elements.optional(),
        kubernetes_resources: elements.optional(),
        terraform_remote_state: z
          .record(
            z.string(),
            z.strictObject({
              '//': comment,
              backend: z.enum(['local', 'gcs']),
              config: z.union([
                z.strictObject({ path: z.string() }),
                z.strictObject({ bucket: z.string(), prefix: z.string() }),
              ]),
              workspace: z.string().optional(),
              // A default that names something would reach an apply if the output were missing.
              defaults: z
                .record(z.string(), z.string().regex(/^\(known after the apply of [\w-]+\)$/))
                .optional(),
            }),
          )
          .optional(),
      })
      .optional(),
    // The weights of canaries: as committed, and as a plan computes them.
    locals: z.record(z.string(), z.union([z.string(), z.int().min(0).max(100)])).optional(),
    output: z.record(z.string(), z.unknown()).optional(),
    moved: z.array(z.strictObject({ from: z.string(), to: z.string() })).optional(),
  });

/**
 * A pull request may change what is synthesized.
 *
 * @throws UsageError with the first file or path in the stack's folder that synth does not write
 */
export function rejectUntrusted({ id, folder }: SynthesizedStack, projectId: string): void {
  const unexpectedFile = readdirSync(folder).find((name) => LOADED.test(name) && name !== CONFIGURATION);
  const untrusted = unexpectedFile ?? untrustedIn(readJsonFile(join(folder, CONFIGURATION)), projectId);
  if (untrusted !== undefined)
    throw new UsageError(
      `'${id}' contains ${untrusted}, which synth does not write; tools/pipeline/trusted.ts lists what a plan may contain`,
    );
}

/** Path of the first element of a configuration that synth does not write for the project. */
export function untrustedIn(configuration: unknown, projectId: string): string | undefined {
  const issue = configurationOf(projectId).safeParse(configuration).error?.issues[0];
  if (issue !== undefined) {
    const [unknown] = issue.code === 'unrecognized_keys' ? issue.keys : [];
    return [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String).join('.');
  }
  return templatesIn(configuration).find((text) => READS_FILES.test(text));
}

/** Strings and keys that Terraform evaluates. */
function templatesIn(value: unknown): string[] {
  if (typeof value === 'string') return /[$%]\{/.test(value.replace(/\$\$\{|%%\{/g, '')) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...templatesIn(key), ...templatesIn(inner)]);
}
