import type { Catalogue } from '../../../../messages/message';
import { common } from './common';
import { formats } from './formats';
import { objectives } from './objectives';

export const messages: Catalogue = { ...common, ...formats, ...objectives };
