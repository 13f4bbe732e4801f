/** @file The Records page: backing up, restoring, the audit log. */
import { formatBytes, formatCount, formatDate, plural } from '../format';

export const records = {
  open: 'Records: back up, restore, audit log',
  backup: {
    title: 'Back up everything',
    lead: 'One file with all that this browser keeps: pairs with their history, judgements, prompt sets, the demonstration, runs with metrics, checkpoints and adapters, settings.',
    last: (at: string) => `The last backup was made on ${formatDate(at)}.`,
    never: 'Nothing was backed up from this browser yet.',
    due: (days: number | null) =>
      days === null
        ? 'Your work of more than a week was never backed up. Records, at the top of the page, writes it into one file.'
        : `The last backup is ${plural(days, 'day')} old, and there is work since. Records, at the top of the page, writes everything into one file.`,
    withModels: (count: number, bytes: number) =>
      `Include the files of ${plural(count, 'model')} (${formatBytes(bytes)})`,
    modelsNamed: 'Otherwise models are named with their hashes, and chosen again on the other PC.',
    encrypt: 'Encrypt with a passphrase',
    passphrase: 'Passphrase',
    repeat: 'Passphrase again',
    passphraseHelp: 'Nobody can open the file without it, Airlock neither. Several words are better than one.',
    differ: 'The two are not the same yet.',
    start: 'Back up',
    done: (file: string, bytes: string) => `${file} was written. SHA-256: ${bytes}`,
    holds: (datasets: number, runs: number, models: number) =>
      `It holds ${plural(datasets, 'data set')}, ${plural(runs, 'run')} and ${plural(models, 'model')}.`,
    leftOut: (keys: string) => `These damaged records could not be written: ${keys}.`,
  },
  doing: {
    opening: 'Opening the file',
    checking: 'Checking every byte of the file',
    records: 'Writing what is kept',
    models: 'Writing the models',
    restoring: 'Restoring',
    of: (done: number, total: number) => `${formatCount(done)} of ${formatCount(total)}`,
    bytes: (done: number, total: number) => `${formatBytes(done)} of ${formatBytes(total)}`,
  },
  restore: {
    title: 'Restore a backup',
    lead: 'On another PC or in another profile, or to get back what was lost. First you see what would change; nothing is written until you accept it.',
    choose: 'Choose a backup',
    made: (file: string, at: string) => `${file}, made on ${formatDate(at)}`,
    encrypted: 'This file is encrypted.',
    unlock: 'Open',
    added: 'Is added',
    merged: 'Gets new pairs',
    differs: 'Is another one here',
    same: (count: number) =>
      `${plural(count, 'thing')} of the file ${count === 1 ? 'is' : 'are'} here already, the same to the byte.`,
    unfit: 'Cannot be read by this Airlock and is left out',
    unknownKind: 'of a kind that it does not know',
    models: 'Models',
    model: {
      here: 'is here already',
      included: 'is in the file and is added',
      named: 'is not in the file: choose its directory under Models',
    },
    modelFacts: (bytes: number, sha256: string) => `${formatBytes(bytes)}, SHA-256 ${sha256.slice(0, 12)}…`,
    dataset: (name: string, pairs: number) => `data set “${name}”, ${plural(pairs, 'pair')}`,
    unnamedSet: 'data set',
    newPairs: (name: string, pairs: number) => `data set “${name}”: ${plural(pairs, 'new pair')}; none goes`,
    deletedSet: (name: string) => `data set “${name}”, which was deleted here`,
    setAside: (key: string) => `what was set aside of ${key}`,
    conflict: 'For what is another one here',
    keepMine: 'keep this browser’s',
    takeTheirs: 'take the file’s',
    accept: (count: number) => `Restore (${formatCount(count)})`,
    nothing: 'There is nothing to restore: all of it is here.',
    cancel: 'Put the file away',
    done: (count: number) => `Restored: ${plural(count, 'thing')}. Load the page anew to work with them.`,
    reload: 'Load the page anew',
  },
};
