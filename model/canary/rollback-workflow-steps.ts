/** The few forms of steps that the guard's program is made of. */
import { WEIGHT_CAP_NAMESPACE, LABEL_CHARACTERS } from './weight-cap';
import { SPLIT_ANNOTATIONS } from './split';

export type Step = Readonly<Record<string, unknown>>;
export type Steps = readonly Readonly<Record<string, Step>>[];

export interface Subworkflow {
  readonly params: readonly string[];
  readonly steps: Steps;
}

/** Environment variables of the workflow. */
export const WORKFLOW_SETTINGS = {
  /** URL under which the paths of the API server begin. */
  cluster: 'CLUSTER_URL',
  /** Namespaces whose services may have canaries, separated by commas. */
  namespaces: 'NAMESPACES',
  /** Cloud Monitoring's list of alerts. */
  incidents: 'INCIDENTS_URL',
  /** Where to post a message that starts the pipeline; empty if nothing listens. */
  pipeline: 'PIPELINE_URL',
} as const;

/** Waits between tries add up to about a minute; after that the next minute's call begins anew. */
const RETRY = {
  predicate: '${worth_repeating}',
  max_retries: 5,
  backoff: { initial_delay: 1, max_delay: 16, multiplier: 2 },
};

/** A call of an API of Google's, which is how the API server is reached too. */
export function httpCall(
  call: 'http.get' | 'http.post' | 'http.patch',
  args: Step,
  result?: string,
): { readonly try: Step; readonly retry: Step } {
  return {
    try: {
      call,
      args: { ...args, auth: { type: 'OAuth2' }, timeout: 20 },
      ...(result !== undefined && { result }),
    },
    retry: RETRY,
  };
}

/** Sets `release_label` as {@link releaseLabel} does. */
export function labelOfRelease(release: string): Steps {
  return [
    {
      plain_release: {
        assign: [
          { plain: plainText(release) },
          { tail: `\${text.substring(plain, math.max(0, len(plain) - ${LABEL_CHARACTERS}), len(plain))}` },
          { release_label: '${text.replace_all_regex(tail, "^-+|-+$", "")}' },
        ],
      },
    },
  ];
}

export function plainText(value: string): string {
  return `\${text.replace_all_regex(text.to_lower(${value}), "[^a-z0-9]+", "-")}`;
}

/** Ceilings and receipts. */
export const RECORDS_URL = `\${cluster + "/api/v1/namespaces/${WEIGHT_CAP_NAMESPACE}/configmaps"}`;

/** Objects with a label; `items` of the answer's body. */
export function listing(result: string, url: string, labelSelector: string): Steps[number] {
  return { [`list_${result}`]: httpCall('http.get', { url, query: { labelSelector } }, result) };
}

/** Whether a route says nothing of a split: it was made by hand, and must not keep the others waiting. */
export const IS_PLAIN = `\${not ("annotations" in route.metadata) or not ("${SPLIT_ANNOTATIONS.release}" in route.metadata.annotations) or not ("${SPLIT_ANNOTATIONS.host}" in route.metadata.annotations)}`;

/** What a route says of its split. */
export function annotation(of: string, name: keyof typeof SPLIT_ANNOTATIONS): string {
  return `${of}.metadata.annotations["${SPLIT_ANNOTATIONS[name]}"]`;
}
