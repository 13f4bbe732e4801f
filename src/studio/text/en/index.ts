export { common } from './common';
export { compare } from './compare';
export { data } from './data';
export { faults } from './faults';
export { runs } from './runs';
export { shell } from './shell';
export { starter } from './starter';
export { train } from './train';
