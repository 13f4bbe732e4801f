/** @file The English catalogue by layers. */
export { common } from './common';
export { engine } from './engine';
export { formats } from './formats';
export { models } from './models';
export { objectives } from './objectives';
