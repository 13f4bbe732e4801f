/** @file Which version the page is, whether it opens without its server, and a newer one that waits. */
import { plural } from '../format';

export const build = {
  title: 'This page',
  version: (version: string) => `Airlock ${version}`,
  id: 'Build',
  idMeans: 'the SHA-256 of SHA256SUMS, the list of its files’ hashes',
  development: 'A development build, without a list of hashes.',
  signed: 'The list is signed. Whose signature it is, whoever administers this PC can verify (README).',
  unsigned: 'The list is not signed.',
  licenses: 'Licences of Airlock and of what it is made of',
  parts: 'Its parts (CycloneDX)',
  kept: (files: number) =>
    `${plural(files, 'file')} of it are kept in this browser, each checked against its hash: the page opens and works when its server is gone.`,
  notKept: 'It is not kept in this browser yet: when the server is gone, the page does not open.',
  refused: {
    status: (path: string, status: string) =>
      `It is not kept for a visit without the server, because the server answered ${status} for ${path}.`,
    headers: (path: string, names: string) =>
      `It is not kept for a visit without the server, because the server sends ${path} without the headers ${names}. Serve it with the headers in the README.`,
    hash: (path: string, hash: string) =>
      `It is not kept for a visit without the server: ${path} has the hash ${hash}, which is not the one in SHA256SUMS. The file was changed or cut; copy the release to the server again.`,
    other: (_path: string, reason: string) => `It is not kept for a visit without the server: ${reason}`,
  },
  next: (id: string) => `A newer version of Airlock is ready (build ${id}). This one stays until you say so.`,
  update: 'Go over to it',
  updateMeans: 'The page is loaded anew. What is stored stays.',
  later: 'Later',
  otherTabs: (count: number) =>
    `Airlock is open in ${plural(count, 'other tab')}. Close ${count === 1 ? 'it' : 'them'} first: they need the version that they began with.`,
};
