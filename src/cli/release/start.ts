/** @file What a start of the studio does: serves it, says where or why not, and opens the browser. */
import { spawn } from 'node:child_process';
import { addressAt } from './address.mjs';
import type { Headers } from './front-door';
import { print, say } from '../terminal';
import { serveStudio } from './serve';

/** Opens an address in the PC's browser; where there is none, the printed address is enough. */
function openBrowser(address: string): void {
  const [command, args] =
    process.platform === 'win32'
      ? (['cmd', ['/c', 'start', '', address]] as const)
      : ([process.platform === 'darwin' ? 'open' : 'xdg-open', [address]] as const);
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** What is said where another program has the port; no other is tried, because a browser keeps data by address. */
export const portTaken = (port: number): string =>
  `Another program uses port ${port} of this PC. Close it and start again: Airlock's models, pairs and runs lie under ${addressAt(port)}, and under another port they would not be seen.\n` +
  `이 PC의 포트 ${port}를 다른 프로그램이 쓰고 있습니다. 그 프로그램을 닫고 다시 시작하십시오. Airlock의 모델, 선호 쌍, 학습 기록은 ${addressAt(port)} 아래에 있어 다른 포트에서는 보이지 않습니다.`;

interface Start {
  readonly folder: string;
  readonly port: number;
  readonly headers: Headers;
  readonly opensBrowser: boolean;
}

/** Serves until the process ends; sets its exit code where another program has the port. */
export async function startStudio({ folder, port, headers, opensBrowser }: Start): Promise<void> {
  const served = await serveStudio(folder, port, headers);
  if (served.state === 'taken') {
    say(portTaken(port));
    process.exitCode = 1;
    return;
  }
  const address = addressAt(served.state === 'serving' ? served.port : port);
  print(`Airlock: ${address}\n`);
  if (served.state === 'serving') {
    print('Leave this window open while you work. Close it to end Airlock.\n');
    print('작업하는 동안 이 창을 열어 두십시오. 창을 닫으면 Airlock이 끝납니다.\n');
  } else print('It is being served already. 이미 실행되고 있습니다.\n');
  if (opensBrowser) openBrowser(address);
}
