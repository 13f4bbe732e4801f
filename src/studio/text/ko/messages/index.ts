import type { Catalogue } from '../../../../messages/message';
import { common } from './common';
import { engine } from './engine';
import { formats } from './formats';
import { generation } from './generation';
import { models } from './models';
import { objectives } from './objectives';
import { runtime } from './runtime';
import { worker } from './worker';

export const messages: Catalogue = {
  ...common,
  ...engine,
  ...formats,
  ...generation,
  ...models,
  ...objectives,
  ...runtime,
  ...worker,
};
