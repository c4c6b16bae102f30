import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeTranscript } from '../../../verification/cloud-lab/transcript/judge';
import { recordTranscript } from '../../../verification/cloud-lab/transcript/transcript';
import { Journal } from '../../../verification/cloud-lab/server/journal';
import { SHELF_DISCOVERY } from './shelf-api';

const project = {
  projectId: 'shop-test',
  projectNumber: '1',
  region: 'europe-west1',
  services: ['storage.googleapis.com'],
  accounts: [],
};
const entry = (verb: string, target: string, status: number, body = '', more = {}) => ({
  account: 'apply',
  host: 'storage.googleapis.com',
  verb,
  target,
  body,
  method: 'storage.shelves.any',
  status,
  findings: [],
  ...more,
});

function journalOf(...entries: ReturnType<typeof entry>[]): Journal {
  const journal = new Journal();
  entries.forEach((one) => journal.add(one));
  return journal;
}

const CREATE = entry('POST', '/v1/projects/shop-test/shelves?shelfId=a', 200, '{"title":"A"}');

test('the requests of a run are judged again, in a new project', () => {
  const transcript = {
    environment: 'dev',
    recordedAt: '2026-01-01T00:00:00Z',
    project,
    stacks: {},
    requests: [CREATE, { ...CREATE, status: 409 }],
  };

  expect(judgeTranscript(transcript, SHELF_DISCOVERY)).toEqual([]);
});

test('a request that is refused today is reported, with the source', () => {
  const wrong = { ...CREATE, body: '{"title":"A","color":"red"}' };
  const transcript = {
    environment: 'dev',
    recordedAt: '2026-01-01T00:00:00Z',
    project,
    stacks: {},
    requests: [wrong],
  };

  expect(judgeTranscript(transcript, SHELF_DISCOVERY)).toEqual([
    'POST storage.googleapis.com/v1/projects/shop-test/shelves?shelfId=a: 400 instead of 200: 400 color: unknown field of Shelf [storage.v1#Shelf]',
  ]);
});

test('injected faults and repeated reads are not recorded', () => {
  const output = mkdtempSync(join(tmpdir(), 'cloud-lab-'));
  try {
    const workingDirectory = 'stacks/dev-network';
    mkdirSync(join(output, workingDirectory), { recursive: true });
    writeFileSync(join(output, workingDirectory, 'cdk.tf.json'), '{}');
    const stack = { workingDirectory, dependencies: [] };
    writeFileSync(join(output, 'manifest.json'), JSON.stringify({ stacks: { 'dev-network': stack } }));
    const read = entry('GET', '/v1/projects/shop-test/shelves/a', 200);
    const { entries } = journalOf(
      CREATE,
      read,
      read,
      entry('POST', CREATE.target, 500, '', { injected: 'error-500' }),
    );
    const { requests, stacks } = recordTranscript('dev', project, output, entries, '2026-01-01T00:00:00Z');

    expect(requests.map(({ verb }) => verb)).toEqual(['POST', 'GET']);
    expect(stacks).toEqual({ 'dev-network': expect.stringMatching(/^[0-9a-f]{64}$/) });
  } finally {
    rmSync(output, { recursive: true });
  }
});

test('a journal lists the refused requests, apart from reads of what does not exist yet', () => {
  const refused = { findings: [{ severity: 'refused', message: 'no' }] };
  const journal = journalOf(
    entry('GET', '/v1/a', 404, '', refused),
    entry('POST', '/v1/b', 400, '', refused),
    entry('POST', '/v1/c', 500, '', { ...refused, injected: 'error-500' }),
    CREATE,
  );

  expect(journal.refused().map(({ target }) => target)).toEqual(['/v1/b']);
  expect(journal.refused(2)).toEqual([]);
});
