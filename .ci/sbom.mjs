// SBOMs (CycloneDX) of every lock file: the program, and the tools of checks and deploys. Written by
// node .ci/sbom.mjs <folder>
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One SBOM per lock file: name and text. */
export function billsOfMaterials() {
  const locks = execFileSync('git', ['ls-files', '-z', '*package-lock.json'], { encoding: 'utf8' })
    .split('\0')
    .filter(Boolean);
  if (locks.length === 0) throw new Error('there is no package-lock.json; create and commit it');
  return locks.map((lock) => {
    const folder = dirname(lock);
    const { status, stdout, stderr } = spawnSync(
      'npm',
      ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (status !== 0) throw new Error(`npm sbom of ${lock} failed; use npm 10 or newer: ${stderr}`);
    return { name: folder === '.' ? 'program' : basename(folder), text: stdout };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const [folder = 'sbom'] = process.argv.slice(2);
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of billsOfMaterials()) {
      writeFileSync(join(folder, `${name}.json`), text);
      console.log(`${join(folder, `${name}.json`)}: ${JSON.parse(text).components.length} components`);
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
