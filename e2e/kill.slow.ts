/**
 * @file What the page says is kept is kept, though all of Chromium is killed at a random moment: import, judging,
 * deleting and undoing, training, two runs of one start, the starter, a model that is being stored. 217 kills; the
 * table of what was tried and lost is printed. `KILL_SEED=2 npm run test:slow -- e2e/kill.slow.ts` for other moments,
 * `KILL_SHARE=0.1` for fewer.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test, type Page } from '@playwright/test';
import { Random } from '../src/core/random';
import { KilledBrowser } from './killed-browser';
import { choose, openScreen, take } from './screen';
import { readStored } from './stored';
import { openAdvanced, trainForSteps } from './train-form';
import { openModelAndPairs, openTinyModel } from './work';

const seed = Number(process.env['KILL_SEED'] ?? 1);
const share = Number(process.env['KILL_SHARE'] ?? 1);
const times = (kills: number): number => Math.max(1, Math.round(kills * share));

/** Seconds of work that a kill may cost. */
const mostLostSeconds = 30;

interface Row {
  readonly scenario: string;
  readonly kills: number;
  readonly lost: number;
  readonly note: string;
}
const table: Row[] = [];

test.afterAll(() => {
  console.log(`\n| scenario | kills | lost | |\n|---|---|---|---|`);
  for (const { scenario, kills, lost, note } of table) console.log(`| ${scenario} | ${kills} | ${lost} | ${note} |`);
  console.log(`${table.reduce((sum, { kills }) => sum + kills, 0)} kills, seed ${seed}`);
});

/** Kills of one scenario, each with what it cost; a sentence for every loss. */
class Trial {
  private readonly losses: string[] = [];
  readonly random: Random;
  readonly browser: KilledBrowser;

  constructor(
    private readonly scenario: string,
    ...told: readonly string[]
  ) {
    this.random = Random.ofItem(seed, scenario.length * 31 + scenario.charCodeAt(0));
    this.browser = new KilledBrowser(test.info().project.use.baseURL ?? '', told);
    trials.push(this);
  }

  between(least: number, most: number): number {
    return least + this.random.uniform() * (most - least);
  }

  check(isKept: boolean, sentence: string): void {
    if (!isKept) this.losses.push(sentence);
  }

  async end(note = ''): Promise<void> {
    await this.browser.forget();
    table.push({ scenario: this.scenario, kills: this.browser.kills, lost: this.losses.length, note });
    console.log(`    ${this.scenario}: ${this.browser.kills} kills, ${this.losses.length} lost ${note}`);
    for (const loss of this.losses) console.log(`    ${this.scenario}: ${loss}`);
    expect(this.losses).toEqual([]);
  }
}

interface StoredRows {
  readonly value: { readonly rows: readonly { readonly file: string; readonly row: number }[] };
}
const rowsOf = async (page: Page) => ((await readStored(page, 'dataset')) as StoredRows | undefined)?.value.rows ?? [];

const linesFor = (name: string, count: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, i) =>
      JSON.stringify({
        prompt: `${name} ${i}: what is to be done?`,
        chosen: 'Stop it, then look.',
        rejected: 'Nothing.',
      }),
    ).join('\n'),
  );
const jsonl = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/jsonl', buffer });
const numberIn = (text: string): number => Number(/[\d,]+/.exec(text)?.[0].replaceAll(',', '') ?? 0);

/** One that failed leaves no browser behind. */
const trials: Trial[] = [];
test.afterEach(() => Promise.all(trials.splice(0).map(({ browser }) => browser.forget())));

/** The page has drawn what was stored. */
const drawn = (page: Page) => expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();

test('import', async () => {
  const trial = new Trial('import: a file of 1 to 8,000 rows', 'import-outcome', 'pair-count');
  const { browser } = trial;
  let page = await browser.open('/#/data');
  let kept = 0;
  for (let n = 0; n < times(60); n++) {
    await drawn(page);
    const rows = [1, 20, 200, 2000, 8000][trial.random.integer(5)] ?? 1;
    await choose(page, 'Import pairs', jsonl(`file-${n}.jsonl`, linesFor(`file-${n}`, rows)));
    if (n % 2 === 0) {
      await expect.poll(() => browser.last('import-outcome'), { intervals: [1] }).toContain('imported');
      await wait(trial.between(0, 150));
    } else await wait(trial.between(0, 600));
    await browser.kill();
    const isSaid = browser.last('import-outcome').includes(`of file-${n}.jsonl imported`);
    page = await browser.open('/#/data');
    await drawn(page);
    const found = (await rowsOf(page)).length;
    // What Chromium itself threw away is a loss all the same, and the page says so.
    const told = (await page.getByTestId('database-loss').allTextContents()).join(' ');
    trial.check(
      found === kept + rows || (!isSaid && found === kept),
      `kill ${n}: ${kept} + ${rows}, found ${found}, said: ${isSaid} ${told}`,
    );
    if (found > 0) await expect(page.getByTestId('pair-count')).toContainText(found.toLocaleString('en'));
    kept = found;
    if (kept < 20_000) continue;
    await page.getByRole('button', { name: 'Delete all pairs' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete all pairs' }).click();
    await expect(page.getByTestId('pair-count')).toContainText('No pairs yet');
    kept = 0;
  }
  await trial.end();
});

interface StoredRound {
  readonly value: {
    readonly round: { readonly name: string; readonly judgements: readonly { readonly verdict: string }[] };
  };
}

/** Judgements that are stored, and whether the pairs beside them are exactly those that follow from them. */
async function judged(page: Page): Promise<{ readonly count: number; readonly areWhole: boolean }> {
  const stored = (await readStored(page, 'judging')) as StoredRound;
  const { name, judgements } = stored.value.round;
  const wanted = judgements.flatMap(({ verdict }, n) => (verdict === 'a' || verdict === 'b' ? [n + 1] : []));
  const found = (await rowsOf(page)).filter(({ file }) => file === name).map(({ row }) => row);
  return { count: judgements.length, areWhole: JSON.stringify(wanted) === JSON.stringify(found) };
}

const comparisons = 2000;
const judgeLines = Array.from({ length: comparisons }, (_, i) =>
  JSON.stringify({ prompt: `Question ${i}`, a: `Answer ${i}, one way`, b: `Answer ${i}, the other`, verdict: 'a' }),
).join('\n');
const countedOf = (text: string): number => numberIn(/[\d,]+ of/.exec(text)?.[0] ?? '');

for (const [what, keys, kills] of [
  ['judging by keyboard', ['1', '2', '0', 'x'], 48],
  ['taking judgements back', ['u'], 16],
] as const) {
  test(what, async () => {
    const trial = new Trial(what, 'comparison');
    const { browser } = trial;
    let page = await browser.open('/#/judge');
    await drawn(page);
    await choose(page, 'Judge a file’s answers', jsonl('round.jsonl', Buffer.from(judgeLines)));
    await expect(page.getByTestId('comparison')).toContainText(`0 of`);
    const press = async (from: readonly string[]) => {
      await page.keyboard.press(from[trial.random.integer(from.length)] ?? '1');
      await wait(trial.between(5, 90));
    };
    let judgements = 0;
    for (let n = 0; n < times(kills); n++) {
      // There is something to be taken back.
      if (keys.length === 1) for (let i = 0; i < 25; i++) await press(['1', '2', '0']);
      const until = performance.now() + trial.between(100, 1500);
      while (performance.now() < until) await press(keys);
      await browser.kill();
      const said = countedOf(browser.last('comparison'));
      judgements += browser.said.length;
      page = await browser.open('/#/judge');
      await expect(page.getByTestId('comparison')).toBeVisible();
      const { count, areWhole } = await judged(page);
      trial.check(keys.length === 1 ? count <= said : count >= said, `kill ${n}: said ${said}, found ${count}`);
      trial.check(areWhole, `kill ${n}: the pairs are not those of the ${count} judgements`);
      trial.check(
        countedOf((await page.getByTestId('comparison').textContent()) ?? '') === count,
        `kill ${n}: shown otherwise than stored`,
      );
    }
    await trial.end(`${judgements} judgements were counted`);
  });
}

/** Nothing is under way: what is stored stays, and is what is drawn. */
async function settled(page: Page, browser: KilledBrowser): Promise<void> {
  await expect(async () => {
    const stored = (await rowsOf(page)).length;
    await wait(300);
    expect([(await rowsOf(page)).length, numberIn(browser.last('pair-count'))]).toEqual([stored, stored]);
  }).toPass();
}

test('deleting, undoing and redoing', async () => {
  const trial = new Trial('delete, undo, redo', 'pair-count');
  const { browser } = trial;
  let page = await browser.open('/#/data');
  await drawn(page);
  await choose(page, 'Import pairs', jsonl('a.jsonl', linesFor('a', 600)));
  await expect(page.getByTestId('pair-count')).toContainText('600');
  for (let n = 0; n < times(40); n++) {
    // An undo may have taken all pairs back, and then there is none to delete.
    const acts = [
      () =>
        page
          .getByRole('button', { name: 'Delete pair 1', exact: true })
          .dispatchEvent('click', {}, { timeout: 500 })
          .catch(() => {}),
      () => page.keyboard.press('Control+z'),
      () => page.keyboard.press('Control+Shift+z'),
    ];
    const until = performance.now() + trial.between(200, 1200);
    while (performance.now() < until) {
      await acts[trial.random.integer(acts.length)]?.();
      await wait(trial.between(10, 200));
    }
    await settled(page, browser);
    const before = browser.last('pair-count');
    await acts[1]?.();
    await expect
      .poll(() => browser.last('pair-count') !== before, { intervals: [1], timeout: 1000 })
      .toBe(true)
      .catch(() => {});
    await wait(trial.between(0, 40));
    await browser.kill();
    const isAnswered = browser.last('pair-count') !== before;
    const said = numberIn(browser.last('pair-count'));
    page = await browser.open('/#/data');
    await drawn(page);
    const found = (await rowsOf(page)).length;
    // One act was under way: what was not answered yet may be written already, and what was answered is.
    trial.check(found === said || !isAnswered, `kill ${n}: said ${said}, found ${found}`);
    await expect(page.getByTestId('pair-count')).toContainText(found === 0 ? 'No pairs yet' : String(found));
  }
  await trial.end();
});

/** The button may be locked for a moment while the last model is opened by itself. */
async function goOn(page: Page): Promise<void> {
  const banner = page.getByTestId('interrupted');
  await expect(async () => {
    await banner.getByRole('button', { name: 'Go on' }).click({ timeout: 10_000 });
    await expect(banner).toHaveCount(0, { timeout: 20_000 });
  }).toPass();
}

const stepOf = (text: string): number => numberIn(/step [\d,]+/.exec(text)?.[0] ?? '');

test('training', async () => {
  const trial = new Trial('training, from before its first checkpoint on', 'active-run', 'interrupted');
  const { browser } = trial;
  let page = await browser.open('/');
  await drawn(page);
  await openModelAndPairs(page);
  await openScreen(page, 'Train');
  await trainForSteps(page, 1_000_000);
  await page.getByRole('button', { name: 'Start training' }).click();
  let mostLost = 0;
  for (let n = 0; n < times(24); n++) {
    await expect
      .poll(() => stepOf(browser.last('active-run')), { intervals: [20], timeout: 120_000 })
      .toBeGreaterThan(0);
    const from = browser.said.find(({ texts }) => stepOf(texts['active-run'] ?? '') > 0)?.at ?? 0;
    await wait(trial.between(0, n % 3 === 0 ? 40_000 : 8_000));
    const steps = browser.said.map(({ at, texts }) => [at, stepOf(texts['active-run'] ?? '')] as const);
    const killed = performance.now();
    await browser.kill();
    page = await browser.open('/#/data');
    const banner = page.getByTestId('interrupted');
    await expect(banner).toContainText(/dpo-1 was interrupted at step/);
    const text = (await banner.textContent()) ?? '';
    const step = numberIn(/from step [\d,]+/.exec(text)?.[0] ?? '');
    const reached = steps.find(([, at]) => at >= step)?.[0] ?? from;
    const lost = (killed - Math.max(from, reached)) / 1000;
    mostLost = Math.max(mostLost, lost);
    trial.check(
      lost <= mostLostSeconds,
      `kill ${n}: at step ${steps.at(-1)?.[1]} goes on from ${step}, ${lost.toFixed(1)} s lost`,
    );
    await goOn(page);
  }
  await trial.end(`at most ${mostLost.toFixed(1)} s of work`);
});

test('two runs of one start', async () => {
  const trial = new Trial('SFT, then DPO, killed in the first half', 'active-run');
  const { browser } = trial;
  for (let n = 0; n < times(6); n++) {
    let page = await browser.open('/');
    await drawn(page);
    if (n === 0) await openModelAndPairs(page);
    else await expect(page.getByTestId('bar-model')).toContainText('tiny-llama', { timeout: 60_000 });
    await openScreen(page, 'Train');
    await openAdvanced(page);
    await take(page.getByRole('radio', { name: /SFT, then DPO/ }));
    await trainForSteps(page, 150);
    await page.getByRole('button', { name: 'Start training' }).click();
    await wait(trial.between(500, 5000));
    await browser.kill();
    page = await browser.open('/');
    await goOn(page);
    const isDone = await expect(page.getByTestId('run-result'))
      .toContainText(/dpo-\d+/, { timeout: 240_000 })
      .then(
        () => true,
        () => false,
      );
    await openScreen(page, 'Train');
    trial.check(isDone, `kill ${n}: the second run was not trained`);
    await browser.end();
  }
  await trial.end();
});

/** The starter's stages as its list names them, and the most seconds into each at which it is killed. */
const starterStages = [
  ['Load model and data', 2],
  ['Train SFT', 12],
  ['Train DPO', 30],
  ['Answer held-out prompts', 10],
] as const;

/** The steps of the run under way that the starter has shown, and when. */
function stepsShown(browser: KilledBrowser): readonly { readonly at: number; readonly step: number }[] {
  const steps = browser.said.map(({ at, texts }) => ({ at, step: stepOf(texts['starter-progress'] ?? '') }));
  // What was said before the last step 0 is of the run before.
  return steps.slice(steps.findLastIndex(({ step }) => step === 0) + 1);
}

test('the starter', async () => {
  const trial = new Trial('the starter, once at each of its four stages', 'starter-progress');
  const { browser } = trial;
  let mostLost = 0;
  for (let round = 0; round < times(2); round++) {
    let page = await browser.open('/');
    for (const [stage, seconds] of starterStages) {
      if (stage === 'Load model and data' || stage === 'Train SFT') {
        // The task whose model is the smallest. Of a start that was cut off while it loaded nothing had been said.
        const task = page.getByRole('radio', { name: 'Korean reviews' });
        await expect(task).toBeEnabled();
        await task.check({ force: true });
        await page.getByRole('button', { name: 'Try the starter' }).click();
      } else await goOn(page);
      const current = page.getByTestId('starter-progress').locator('[aria-current="step"]', { hasText: stage });
      await expect(current).toBeVisible({ timeout: 400_000 });
      await wait(trial.between(0, seconds * 1000));
      const [shown, killed] = [stepsShown(browser), performance.now()];
      await browser.kill();
      page = await browser.open('/');
      await drawn(page);
      if (stage === 'Load model and data') continue;
      const banner = page.getByTestId('interrupted');
      const isOffered = await expect(banner)
        .toContainText(/The starter then has base, SFT and DPO answer/)
        .then(
          () => true,
          () => false,
        );
      const text = isOffered ? ((await banner.textContent()) ?? '') : '';
      const from = numberIn(/from step [\d,]+/.exec(text)?.[0] ?? '');
      const lost = (killed - (shown.find(({ step }) => step >= from)?.at ?? killed)) / 1000;
      mostLost = Math.max(mostLost, lost);
      trial.check(isOffered && lost <= mostLostSeconds, `round ${round}, ${stage}: ${text}, ${lost.toFixed(1)} s lost`);
    }
    await goOn(page);
    const verdict = page.getByTestId('starter-verdict');
    await expect(page.getByTestId('starter-progress')).toHaveCount(0, { timeout: 400_000 });
    trial.check((await verdict.count()) === 1, `round ${round}: the starter came to no result`);
    await openScreen(page, 'Train');
    const runs = await page.getByTestId('run-card').count();
    trial.check(runs === 2, `round ${round}: ${runs} runs in place of SFT and DPO`);
    await browser.forget();
  }
  await trial.end(`at most ${mostLost.toFixed(1)} s of work`);
});

/** Cuts the record of the stored model after so many characters, as a disk that died in the middle. */
async function cutRecord(page: Page, characters: number): Promise<void> {
  await page.evaluate(async (length) => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    for await (const folder of (models as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()) {
      const file = await folder.getFileHandle('.airlock.json');
      const read = async () => (await file.getFile()).text().catch(() => '');
      let text = await read();
      // What is learnt of a model when it is opened is written a moment later, maybe while it is read here.
      while (!text.includes('"fingerprint"')) text = await read();
      const writer = await file.createWritable();
      await writer.write(text.slice(0, length));
      await writer.close();
    }
  }, characters);
}

test('a model that is being stored', async () => {
  const trial = new Trial('storing a model, its record too', 'bar-model');
  const { browser } = trial;
  let page = await browser.open('/');
  for (let n = 0; n < times(15); n++) {
    await drawn(page);
    await choose(page, 'Choose model directory', 'fixtures/tiny-llama');
    await wait(trial.between(0, 1200));
    await browser.kill();
    page = await browser.open('/');
    await drawn(page);
    await openTinyModel(page);
    if (n % 2 === 0) await cutRecord(page, [0, 1, 40, 200][trial.random.integer(4)] ?? 0);
    await page.reload();
    await page.getByRole('button', { name: /^Storage/ }).click();
    const record = page.getByTestId('set-aside');
    if (n % 2 === 0) {
      await record.getByRole('button', { name: /^Delete/ }).click();
      await record.getByRole('button', { name: /for good/ }).click();
    }
    await expect(record).toHaveCount(0);
    await page.keyboard.press('Escape');
    if (n % 2 === 0) await openTinyModel(page);
    const isOpen = await expect(page.getByTestId('bar-model'))
      .toContainText('tiny-llama')
      .then(
        () => true,
        () => false,
      );
    trial.check(isOpen, `kill ${n}: the model does not open`);
    await browser.forget();
    page = await browser.open('/');
  }
  await trial.end();
});
