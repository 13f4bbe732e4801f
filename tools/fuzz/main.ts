/**
 * @file `npm run fuzz -- [count] [kinds...]`: so many changes of each kind of file, the same ones each time, in a
 * process that is ended where one takes too long; then a table of how they ended. Exits with 1 where one hung, failed
 * raw or was wrong.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { kinds, tryOne, type Outcome } from './kinds';

/** What one change may take: of the processor's time, and where nothing comes at all, of the clock's. */
const patienceSeconds = 10;
const silenceMs = 60_000;

interface Tally extends Record<Outcome, number> {
  hung: number;
}

interface Line {
  readonly seed: number;
  readonly seconds: number;
  readonly outcome: Outcome;
  readonly said: string;
}

/** In the child: tries the changes from one number on, a line each. */
async function work(kind: string, from: number, to: number): Promise<void> {
  for (let seed = from; seed < to; seed++) {
    const before = process.cpuUsage();
    const end = await tryOne(kind, seed);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${JSON.stringify({ seed, seconds: (user + system) / 1e6, ...end })}\n`);
  }
  process.exit(0);
}

/** Runs a child until it ends or is silent for too long; the number of the next change. */
function runChild(kind: string, from: number, to: number, tally: Tally): Promise<number> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'tools/fuzz/main.ts', '--child', kind, `${from}`, `${to}`],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  return new Promise((resolve) => {
    let next = from;
    let timer = setTimeout(() => child.kill('SIGKILL'), 2 * silenceMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const { seed, seconds, outcome, said } = JSON.parse(line) as Line;
      const isSlow = seconds > patienceSeconds;
      tally[isSlow ? 'hung' : outcome]++;
      if (isSlow) process.stdout.write(`${kind} ${seed}: took ${seconds} s\n`);
      if (outcome === 'raw' || outcome === 'wrong') process.stdout.write(`${kind} ${seed}: ${outcome}: ${said}\n`);
      next = seed + 1;
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), silenceMs);
    });
    child.on('close', () => {
      clearTimeout(timer);
      if (next < to) {
        tally.hung++;
        process.stdout.write(`${kind} ${next}: hung, or took the process down\n`);
        next++;
      }
      resolve(next);
    });
  });
}

async function main([count = '1000', ...chosen]: readonly string[]): Promise<void> {
  let isSound = true;
  const lines: string[] = [];
  for (const kind of chosen.length > 0 ? chosen : Object.keys(kinds)) {
    const tally: Tally = { accepted: 0, refused: 0, raw: 0, wrong: 0, hung: 0 };
    for (let next = 0; next < Number(count);) next = await runChild(kind, next, Number(count), tally);
    isSound &&= tally.raw + tally.wrong + tally.hung === 0;
    const { accepted, refused, hung, raw, wrong } = tally;
    lines.push(`| ${[kind, count, accepted, refused, hung, raw, wrong].join(' | ')} |`);
    process.stdout.write(`${lines.at(-1)}\n`);
  }
  process.stdout.write(
    `\n| kind | tried | accepted | refused | hung | raw | wrong |\n|---|---|---|---|---|---|---|\n${lines.join('\n')}\n`,
  );
  process.exit(isSound ? 0 : 1);
}

const [first, kind = '', from, to] = process.argv.slice(2);
await (first === '--child' ? work(kind, Number(from), Number(to)) : main(process.argv.slice(2)));
