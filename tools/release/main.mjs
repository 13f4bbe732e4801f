/**
 * @file What a release's start file runs: serves the studio that lies beside it and opens the browser. Bundled into one
 * file (make.ts), so that the PC needs neither Node nor a registry.
 */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strictHeaders } from '../../headers.mjs';
import { releasePort, serveStudio } from '../../src/cli/release/serve';

/**
 * Opens an address in the PC's browser; where there is none, the printed address is enough.
 * @param {string} address
 */
function openBrowser(address) {
  const [command, args] =
    process.platform === 'win32'
      ? ['cmd', ['/c', 'start', '', address]]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', [address]];
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'studio');
const port = Number(process.env['AIRLOCK_PORT'] ?? releasePort);
const served = await serveStudio(folder, port, strictHeaders);
const address = `http://localhost:${served.state === 'serving' ? served.port : port}/`;

if (served.state === 'taken') {
  console.error(
    `Another program uses port ${port} of this PC. Close it and start again: Airlock's models, pairs and runs lie under ${address}, and under another port they would not be seen.\n` +
      `이 PC의 포트 ${port}를 다른 프로그램이 쓰고 있습니다. 그 프로그램을 닫고 다시 시작하십시오. Airlock의 모델, 선호 쌍, 학습 기록은 ${address} 아래에 있어 다른 포트에서는 보이지 않습니다.`,
  );
  process.exitCode = 1;
} else {
  console.log(`Airlock: ${address}`);
  if (served.state === 'serving') {
    console.log('Leave this window open while you work. Close it to end Airlock.');
    console.log('작업하는 동안 이 창을 열어 두십시오. 창을 닫으면 Airlock이 끝납니다.');
  }
  if (process.env['AIRLOCK_BROWSER'] !== 'none') openBrowser(address);
}
