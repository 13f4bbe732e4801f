/**
 * @file Finds Chrome or Chromium for the browser tests. Run as a script it also installs Debian's where it may (root
 * and apt at hand), and otherwise says what to install.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {string | null} the path of an executable */
export function findBrowser() {
  const named = process.env['CHROME_PATH'];
  if (named && existsSync(named)) return named;
  for (const command of commands) {
    const { status, stdout } = spawnSync('which', [command], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return places.find((place) => existsSync(place)) ?? null;
}

function installChromium() {
  const isDebian = existsSync('/etc/debian_version') && spawnSync('which', ['apt-get']).status === 0;
  if (!isDebian || process.getuid?.() !== 0) return;
  console.log("Installing Debian's Chromium ...");
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
    stdio: 'inherit',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!findBrowser()) installChromium();
  const browser = findBrowser();
  if (!browser) {
    console.error(
      'The browser tests need Chrome or Chromium and found none; install one (on Debian: apt-get install chromium) or set CHROME_PATH to its executable.',
    );
    process.exit(1);
  }
  console.log(`Browser tests use ${browser}.`);
}
