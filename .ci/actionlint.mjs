// Lints the workflows with actionlint, and their shell scripts with shellcheck if it is installed.
import { spawnSync } from 'node:child_process';
import { goTool } from './go-tool.mjs';

const VERSION = 'v1.7.12';

try {
  const binary = goTool('github.com/rhysd/actionlint/cmd/actionlint', VERSION);
  const { status } = spawnSync(binary, ['-color=false'], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(`actionlint ${VERSION}: ${status === 0 ? 'no findings' : 'see above'}`);
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
