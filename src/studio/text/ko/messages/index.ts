import type { Catalogue } from '../../../../messages/message';
import { common } from './common';
import { objectives } from './objectives';

export const messages: Catalogue = { ...common, ...objectives };
