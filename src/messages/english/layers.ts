/** @file The English catalogue by layers. */
export { backup } from './backup';
export { cli } from './cli';
export { common } from './common';
export { data } from './data';
export { engine } from './engine';
export { formats } from './formats';
export { generation } from './generation';
export { handover } from './handover';
export { models } from './models';
export { objectives } from './objectives';
export { run } from './run';
export { runtime } from './runtime';
export { storage } from './storage';
export { studio } from './studio';
export { text } from './text';
export { training } from './training';
export { worker } from './worker';
