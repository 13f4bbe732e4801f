/** @file Erasing everything: the questions before, what is waited for, what was erased, and what Chrome keeps. */
import { formatBytes, plural } from '../format';

export const erase = {
  title: 'Erase everything',
  lead: 'Before the PC goes to somebody else, or when a project ends: nothing of Airlock stays in this browser.',
  open: 'Erase everything…',
  first: 'What is erased',
  address: (origin: string) => `All that this browser keeps for ${origin}:`,
  nothing: 'Nothing is kept for this address.',
  kept: {
    databases: (databases: number, records: number) =>
      `${plural(records, 'record')} in ${plural(databases, 'database')}: pairs, judgements, runs with checkpoints and adapters, settings, and the audit log`,
    files: (files: number, bytes: number) => `${plural(files, 'file')}, ${formatBytes(bytes)}: models`,
    caches: (answers: number) => `${plural(answers, 'file')} of Airlock itself, kept for visits without the server`,
    entries: (entries: number) => `${plural(entries, 'setting')} of this page`,
    workers: (workers: number) => plural(workers, 'service worker'),
  },
  withTabs: (tabs: number) =>
    `Airlock is open in ${plural(tabs, 'other tab')}: ${tabs === 1 ? 'it is' : 'they are'} ended too, with what they have under way.`,
  running: 'The run that is being trained ends, and nothing of it stays.',
  before: 'A backup, and the audit log where your office keeps it, can be taken away on this page first.',
  goOn: 'Go on',
  second: 'Really erase everything?',
  noWayBack: 'Nothing brings it back but a backup that lies elsewhere.',
  now: 'Erase everything now',
  page: {
    working: 'Everything is being erased',
    ending: 'The engine is ending its work.',
    waiting: (tabs: number) =>
      `Airlock is still open in ${plural(tabs, 'other tab')}. ${tabs === 1 ? 'It was' : 'They were'} asked to let go. If this stays, close ${tabs === 1 ? 'it' : 'them'}; nothing is erased before.`,
    back: 'Erase nothing and go back',
    blocked: (database: string) =>
      `A tab that Airlock cannot reach holds the database “${database}” open. Close every other tab of this address; the rest follows by itself.`,
    done: 'Everything is erased',
    erased: 'Erased:',
    verified: 'This browser was asked again afterwards: it keeps nothing more for this address.',
    partly: 'Not everything is erased',
    left: 'Still here:',
    leftHelp:
      'Close every other tab of this address and erase again. If that does not help, clear the data in Chrome itself, as below.',
    problem: (kind: string, reason: string) => `${kind}: ${reason}`,
    kinds: {
      databases: 'Databases',
      files: 'Files',
      caches: 'Caches',
      entries: 'Settings',
      workers: 'Service workers',
    },
    failed: (reason: string) => `Erasing ended with an error: ${reason} What is left can be erased again.`,
    again: 'Erase again',
    start: 'Start Airlock anew',
    chrome: 'What Chrome itself may keep',
    keeps: [
      'The history: this address, and titles of its pages.',
      'The list of downloads, and the files in your Downloads folder.',
      'What you let this address do: keep data, show notices; and which folder you chose last.',
      'Bytes of deleted files on the disk, until something else is written over them. Only an encrypted disk, or erasing the disk, helps against that.',
    ],
    how: 'Press Ctrl+Shift+Delete, choose “All time”, and clear history, downloads, cookies and site data, cached files and site settings. To be certain, delete the Chrome profile. Downloaded files are deleted in their folder.',
  },
  letGo: {
    title: 'This tab has let go',
    body: 'Everything of Airlock is being erased in another tab. Close this one, or start Airlock anew when the other says that it has ended.',
  },
};
