/** @file The two texts of a release for Windows, with Windows' line ends. */
import { addressAt } from './address.mjs';

const forWindows = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');

/**
 * The start file. The window stays open after an error, so that it can be read. `pushd` goes to a network share too;
 * Explorer runs a file within a zip from a folder where it lies alone.
 */
export const startFile = forWindows([
  '@echo off',
  'chcp 65001 >nul',
  'title Airlock',
  'pushd "%~dp0"',
  'if not exist node\\node.exe (',
  '  echo This file lies alone. Unpack the whole zip, and start it in the folder that comes of it.',
  '  echo 이 파일만 있습니다. 압축 파일 전체를 푼 다음 그 폴더에서 실행하십시오.',
  '  pause',
  '  exit /b 1',
  ')',
  'node\\node.exe server.mjs',
  'if errorlevel 1 pause',
]);

/** What the person who unpacks the zip reads; begins with the mark by which Notepad knows UTF-8. */
export const readMe = (version: string): string =>
  `\uFEFF${forWindows([
    `Airlock ${version}`,
    '',
    '1. Unpack the whole zip into a folder of your own, for example C:\\Airlock.',
    '2. Double-click "Start Airlock.cmd". A window opens, then Chrome (or Edge) with Airlock.',
    '3. Leave the window open while you work; close it to end Airlock.',
    '',
    'Nothing is installed, no administrator is needed, and nothing leaves this PC: only its own browser is answered.',
    `Models, pairs and runs lie in the browser, under the address ${addressAt()} A new version takes them over:`,
    'unpack it and start it in place of the old one. If Windows asks about a file from elsewhere: zip file, right click,',
    'Properties, Unblock, before unpacking. In another browser than Chrome or Edge, open the address there by hand.',
    'To offer models to whoever uses this folder: put checkpoint folders into studio\\models, then run',
    '    node\\node.exe make-models-manifest.mjs studio\\models',
    '',
    '1. 압축 파일 전체를 폴더 하나에 푸십시오. 예: C:\\Airlock',
    '2. "Start Airlock.cmd"를 두 번 클릭하십시오. 창이 하나 열리고 이어서 Chrome(또는 Edge)에 Airlock이 열립니다.',
    '3. 작업하는 동안 그 창을 열어 두십시오. 창을 닫으면 Airlock이 끝납니다.',
    '',
    '설치도 관리자 권한도 필요 없으며, 아무것도 이 PC 밖으로 나가지 않습니다. 이 PC의 브라우저에만 응답합니다.',
    `모델, 선호 쌍, 학습 기록은 브라우저의 ${addressAt()} 주소 아래에 있습니다. 새 버전도 그대로 이어 씁니다.`,
    '새 버전의 압축을 풀고 이전 것 대신 시작하십시오. 외부에서 온 파일이라는 경고가 나오면 압축을 풀기 전에',
    '압축 파일을 오른쪽 클릭하고 속성에서 차단 해제를 선택하십시오.',
    '이 폴더를 쓰는 사람에게 모델을 제공하려면 체크포인트 폴더를 studio\\models에 넣고 다음을 실행하십시오.',
    '    node\\node.exe make-models-manifest.mjs studio\\models',
  ])}`;
