/** @file What is said of the database as a whole: that it cannot be opened, or has lost something. */
import type { Held } from '../../../storage/write-count';
import { formatDate, plural } from '../format';

const held = ({ runs, datasets, others, records }: Held): string =>
  `${[
    ...(runs > 0 ? [plural(runs, 'run')] : []),
    ...(datasets > 0 ? [plural(datasets, 'data set')] : []),
    ...(others > 0 ? [plural(others, 'round or prompt set', 'rounds and prompt sets')] : []),
  ].join(', ')} (${plural(records, 'record')} in all)`.trim();

export const database = {
  reload: 'Try again',
  beginAnew: 'Begin with an empty database',
  anewTitle: 'Delete the database that cannot be used?',
  anewBody:
    'What may still lie in it is gone then. What is in this page is written into the new one; the rest comes from a backup. Stored models stay.',
  anewConfirm: 'Delete it and begin anew',
  cancel: 'Leave it as it is',
  emptied: (at: string, before: Held | null) =>
    `The browser’s storage of Airlock was found empty on ${formatDate(at)}.${before === null ? '' : ` It held ${held(before)}.`}`,
  cutBack: (at: string, writes: number | null, before: Held | null, now: Held) =>
    `The browser’s storage of Airlock was found damaged on ${formatDate(at)}: ${
      writes === null || writes === 0
        ? 'a part of it is gone'
        : `of what was written last, ${plural(writes, 'change')} did not stay`
    }.${before === null ? '' : ` It held ${held(before)}, and now holds ${held(now)}.`}`,
  reason: (words: string) => `The browser found its files damaged and threw them away; it says “${words}”.`,
  disk: 'Airlock did not delete it: the disk, another program or the browser did. Let somebody look at the disk.',
  next: 'All works with what is there. What is missing comes from a backup; stored models are not in this database.',
  restore: 'Restore a backup',
  backUp: 'Back up what is there',
  putAway: 'Put this note away',
};
