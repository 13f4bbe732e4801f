import type { Catalogue } from '../../../../messages/message';
import { common } from './common';
import { engine } from './engine';
import { formats } from './formats';
import { models } from './models';
import { objectives } from './objectives';

export const messages: Catalogue = { ...common, ...engine, ...formats, ...models, ...objectives };
