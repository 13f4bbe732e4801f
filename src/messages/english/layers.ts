/** @file The English catalogue by layers. */
export { common } from './common';
export { objectives } from './objectives';
