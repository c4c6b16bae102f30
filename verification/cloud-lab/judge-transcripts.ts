/** Judges the committed transcripts again. Needs neither Terraform nor its providers. */
import { join } from 'node:path';
import { catalogue } from '../../tools/catalogue';
import type { Results } from '../support/results';
import { synthesize } from '../support/synthesized';
import { log, orTearDown, scratchFolder, Teardown } from '../support/teardown';
import { labTools, toolPath } from '../toolchain/lab-tools';
import { LabError } from '../support/errors';
import { Discovery } from './discovery/discovery';
import { judgeTranscript, staleStacks } from './transcript/judge';
import { readTranscript, stackHashes } from './transcript/transcript';

/** A stale transcript is reported by the name of its stack, and is not an error: an edit of the catalogue makes one. */
export async function judgeTranscripts(results: Results): Promise<void> {
  const teardown = new Teardown();
  await orTearDown(teardown, async () => {
    const outputFolder = join(scratchFolder(teardown, 'cloud-lab-'), 'cdktf.out');
    await synthesize(outputFolder);
    const discovery = new Discovery(toolPath(await labTools(['discovery'], log), 'discovery'));
    for (const { name } of catalogue().environments) {
      const transcript = readTranscript(name);
      if (transcript === undefined) continue;
      await results.step(name, 'transcript', () => {
        const differences = judgeTranscript(transcript, discovery);
        if (differences.length > 0) throw new LabError(differences.join('\n'));
      });
      print(
        `${name}: ${transcript.requests.length} requests of ${transcript.recordedAt.slice(0, 10)} are accepted`,
      );
      for (const stack of staleStacks(transcript, stackHashes(outputFolder, name)))
        print(`STALE transcript of ${stack}; 'npm run verify -- cloud-lab ${name} --record' makes a new one`);
    }
  });
  await teardown.run();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
