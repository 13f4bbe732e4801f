/** @file Answering a prompt set: every column answers every prompt at every temperature, some for the best of N. */
import type { PromptSet, PromptSetColumn, PromptSetDrawn } from '../../storage/prompt-set-record';
import type { Generation } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { referencesOf } from '../plain/compare/best-of';
import { answersIn, drawsFrom, keptOf, setAnswer } from '../plain/compare/prompt-set/draws';
import { countDrawn, withDrawnCell } from '../plain/compare/prompt-set/drawn-cells';
import { countCells } from '../plain/compare/prompt-set/prompt-set';
import { answerAll } from './answer-all';
import type { ChooseReward, ChosenReward } from './choose-reward';
import type { DatasetStore } from './dataset';
import { openKeptReward } from './judge-by-reward';
import type { LibraryStore } from './library';
import type { Answering } from './round';
import { variantsOf } from './variants';

export interface PromptSetAnswering {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly chooseReward: ChooseReward;
}

const rewardOf = async ({ best }: PromptSetColumn, chooseReward: ChooseReward): Promise<ChosenReward> =>
  best === undefined ? { reward: null, scoring: {} } : openKeptReward(best, best.count, chooseReward);

export async function preparePromptSet(
  promptSet: PromptSet,
  { engine, library, dataset, chooseReward }: PromptSetAnswering,
): Promise<Answering<PromptSet>> {
  const { columns, sampling } = promptSet;
  const rewards = await Promise.all(columns.map((column) => rewardOf(column, chooseReward)));
  const voices = await variantsOf(columns, library);
  const variants = voices.map((voice, column) => ({ ...voice, ...rewards[column]?.scoring }));
  const referenceOf = referencesOf(dataset.getState().rows);
  return {
    items: countCells(promptSet),
    countItems: countDrawn,
    answersOf: (cells) => answersIn(cells, promptSet),
    async answerFrom(first, signal, { showDone, keep }) {
      const draws = drawsFrom(first, promptSet);
      const asked = draws.map(({ cell, prompt, temperature, seed, of }) => ({
        ...{ prompt, options: { ...sampling, temperature, seed } },
        ...(of.length < columns.length && { of }),
        group: cell,
      }));
      let given: Generation[][] = columns.map(() => []);
      await answerAll(
        engine,
        { asked, variants },
        {
          signal,
          showDone,
          async onAnswers(number, generations) {
            const { cell, prompt, of } = draws[number] as (typeof draws)[number];
            for (const [place, column] of of.entries()) given[column]?.push(generations[place] as Generation);
            if (draws[number + 1]?.cell === cell) return;
            const told = { prompt, reference: referenceOf(prompt) };
            const drawn = columns.map((column, at): PromptSetDrawn => {
              const [own = [], chosen] = [given[at], rewards[at]];
              if (chosen?.isLater) return { answers: own.map(setAnswer), preferences: [] };
              return { answers: [keptOf(own, column, chosen?.reward ?? null, told)] };
            });
            given = columns.map(() => []);
            await keep(cell, (now) => withDrawnCell(now, drawn));
          },
        },
      );
    },
  };
}
