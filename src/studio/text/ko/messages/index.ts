import type { Catalogue } from '../../../../messages/message';
import { backup } from './backup';
import { cli } from './cli';
import { common } from './common';
import { data } from './data';
import { engine } from './engine';
import { evaluation } from './evaluation';
import { formats } from './formats';
import { generation } from './generation';
import { handover } from './handover';
import { models } from './models';
import { objectives } from './objectives';
import { run } from './run';
import { runtime } from './runtime';
import { storage } from './storage';
import { studio } from './studio';
import { text } from './text';
import { training } from './training';
import { worker } from './worker';

export const messages: Catalogue = {
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
