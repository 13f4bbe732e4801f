/**
 * @file The sentences that Airlock's engine, readers and storage say, in English: one file a layer. An entry is a
 * string, or a function of the values that stand in it; a phrase that goes into sentences is an entry of its own.
 */
import {
  backup,
  cli,
  common,
  data,
  engine,
  evaluation,
  formats,
  generation,
  handover,
  models,
  objectives,
  run,
  runtime,
  storage,
  studio,
  text,
  training,
  worker,
} from './layers';

export const english = {
  ...backup,
  ...cli,
  ...common,
  ...data,
  ...engine,
  ...evaluation,
  ...formats,
  ...generation,
  ...handover,
  ...models,
  ...objectives,
  ...run,
  ...runtime,
  ...storage,
  ...studio,
  ...text,
  ...training,
  ...worker,
};
