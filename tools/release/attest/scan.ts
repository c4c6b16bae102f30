/** Results of the vulnerability scan of an image by Artifact Analysis. */
import timers from 'node:timers/promises';
import { z } from 'zod';
import { imageResource } from '../../../model/release/attestation';
import { UsageError } from '../../command-line';
import type { ImageApis } from './google-api';

const POLL_SECONDS = 10;

/** Most severe first. */
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'MINIMAL'] as const;
export type BlockedSeverity = 'CRITICAL' | 'HIGH' | 'MEDIUM';

const page = z.object({
  occurrences: z
    .array(
      z.object({
        noteName: z.string().default(''),
        discovery: z
          .object({
            analysisStatus: z.string().default('PENDING'),
            analysisStatusError: z.object({ message: z.string().default('') }).optional(),
          })
          .optional(),
        vulnerability: z
          .object({
            effectiveSeverity: z.string().default('SEVERITY_UNSPECIFIED'),
            fixAvailable: z.boolean().default(false),
          })
          .optional(),
      }),
    )
    .default([]),
  nextPageToken: z.string().default(''),
});

type Occurrence = z.output<typeof page>['occurrences'][number];

export interface ScanResult {
  /** Vulnerabilities of the blocked severities for which no fix exists. */
  readonly unfixed: readonly string[];
}

/**
 * Waits for the scan.
 *
 * @throws UsageError if it fails, does not end in time, or finds a fixable vulnerability of a blocked severity
 */
export async function scanned(
  api: ImageApis,
  image: string,
  projectId: string,
  blocked: BlockedSeverity,
  waitMinutes: number,
): Promise<ScanResult> {
  await finished(api, image, projectId, waitMinutes);
  const severities = SEVERITIES.slice(0, SEVERITIES.indexOf(blocked) + 1) as readonly string[];
  const found = (await occurrencesOf(api, image, projectId, 'VULNERABILITY')).filter(
    ({ vulnerability }) => vulnerability && severities.includes(vulnerability.effectiveSeverity),
  );
  const names = (fixable: boolean) =>
    found
      .filter(({ vulnerability }) => vulnerability?.fixAvailable === fixable)
      .map(({ noteName, vulnerability }) => `${nameOf(noteName)} (${vulnerability?.effectiveSeverity})`)
      .sort();
  const fixable = [...new Set(names(true))];
  if (fixable.length > 0)
    throw new UsageError(
      `${image} has ${fixable.length} ${fixable.length === 1 ? 'vulnerability' : 'vulnerabilities'} of severity ${blocked} or above with a fix: ${fixable.slice(0, 10).join(', ')}${fixable.length > 10 ? ', …' : ''}; update the packages and build the image again`,
    );
  return { unfixed: [...new Set(names(false))] };
}

async function finished(
  api: ImageApis,
  image: string,
  projectId: string,
  waitMinutes: number,
): Promise<void> {
  const deadline = Date.now() + waitMinutes * 60_000;
  for (;;) {
    const [discovery] = await occurrencesOf(api, image, projectId, 'DISCOVERY');
    const status = discovery?.discovery?.analysisStatus ?? 'none yet';
    if (status === 'FINISHED_SUCCESS' || status === 'COMPLETE') return;
    if (status.startsWith('FINISHED_'))
      throw new UsageError(
        `the scan of ${image} ended with ${status}${reasonOf(discovery)}; use a base image that Artifact Analysis supports, and push the image again`,
      );
    if (Date.now() >= deadline)
      throw new UsageError(
        `the scan of ${image} has not ended within ${waitMinutes} min (status ${status}); check that scanning is enabled in project '${projectId}', and run the command again`,
      );
    await timers.setTimeout(POLL_SECONDS * 1_000);
  }
}

function reasonOf(discovery: Occurrence | undefined): string {
  const message = discovery?.discovery?.analysisStatusError?.message ?? '';
  return message === '' ? '' : ` (${message})`;
}

async function occurrencesOf(
  api: ImageApis,
  image: string,
  projectId: string,
  kind: 'DISCOVERY' | 'VULNERABILITY',
): Promise<Occurrence[]> {
  const filter = `kind="${kind}" AND resourceUrl="${imageResource(image)}"`;
  const all: Occurrence[] = [];
  for (let token = ''; ;) {
    const query = new URLSearchParams({
      filter,
      pageSize: '1000',
      ...(token !== '' && { pageToken: token }),
    });
    const found = await api.get(
      'containeranalysis',
      `projects/${projectId}/occurrences?${query.toString()}`,
      page,
    );
    all.push(...found.occurrences);
    if (found.nextPageToken === '') return all;
    token = found.nextPageToken;
  }
}

/** `CVE-2024-1` of `projects/goog-vulnz/notes/CVE-2024-1`. */
function nameOf(note: string): string {
  return note.slice(note.lastIndexOf('/') + 1);
}
