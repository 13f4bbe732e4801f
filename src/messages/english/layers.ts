/** @file The English catalogue by layers. */
export { common } from './common';
export { formats } from './formats';
export { objectives } from './objectives';
