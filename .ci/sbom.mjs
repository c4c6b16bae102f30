// SBOMs (CycloneDX) of every lock file: the program, and the tools of checks and deploys. Written by
// node .ci/sbom.mjs <folder>
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';

/** One SBOM per lock file: name and text. */
export function billsOfMaterials() {
  const { stdout: locks } = execaSync('git', ['ls-files', '*package-lock.json'], { lines: true });
  if (locks.length === 0) throw new Error('there is no package-lock.json; create and commit it');
  return locks.map((lock) => {
    const folder = dirname(lock);
    const sbom = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
    const { failed, stdout, stderr } = execaSync('npm', sbom, { cwd: folder, reject: false });
    if (failed) throw new Error(`npm sbom of ${lock} failed; use npm 10 or newer: ${stderr}`);
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
