/** @file The engine's sentences in Korean; engine-sentences.test.ts holds them to what the engine's sources say. */
import type { SentenceCatalogue } from '../../engine-sentences';
import { data, rowProblems } from './data';
import { model } from './model';
import { storage } from './storage';
import { work } from './work';

export const engine: SentenceCatalogue = {
  sentences: { ...data, ...model, ...storage, ...work },
  rowProblems,
  row: '{file} {row}행: ',
};
