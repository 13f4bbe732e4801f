/** @file What is said of backups and couriers: files that hold what a browser keeps. */
export const backup = {
  backupValueUnknown: ({ name, kind }: { name: string; kind: string }) =>
    `"${name}" holds a value of the kind ${kind}, which a backup cannot hold.`,
  backupValueBad: ({ name }: { name: string }) =>
    `"${name}" in this file is not written as Airlock writes it. Nothing was changed; take another copy of the backup.`,
  backupUnreadable: ({ reason }: { reason: string }) =>
    `The file could not be read (${reason}). If it was changed, moved or removed, choose it again.`,
  backupNotOne: ({ file }: { file: string }) =>
    `${file} is no backup and no courier of Airlock: its first bytes are others. Choose a file that Airlock has written.`,
  backupBeginningBad: ({ file }: { file: string }) =>
    `The beginning of ${file} is damaged, so it cannot be read. Nothing was changed; take another copy of it.`,
  backupNewer: ({ file, version, limit }: { file: string; version: number; limit: number }) =>
    `${file} was written by a newer Airlock (format ${version}; this one reads up to ${limit}). Open it in the newer one.`,
  backupPassphraseWrong:
    'The passphrase does not open this file; or its first part was altered. Nothing was changed. Try the passphrase again.',
  backupCut: ({ bytes }: { bytes: number }) =>
    `The file is cut off or damaged: its content goes on beyond its ${bytes} bytes. Nothing was changed; take another copy of it.`,
  backupPartAltered: ({ number }: { number: number }) =>
    `Part ${number} of the encrypted file was altered or cut off. Nothing was changed; take another copy of it.`,
  courierIsBackup: ({ file }: { file: string }) =>
    `${file} is a backup of everything and no courier. Restore it under Records, at the top of the page.`,
  courierEmpty: ({ file }: { file: string }) =>
    `${file} is a courier without a judgement that could be read. Have it written anew.`,
  courierRoundOpen: ({ file }: { file: string }) =>
    `${file} is a round to be judged, and another round is open. Put that one away with "New round", and open the file again.`,
  restoreIsCourier: ({ file }: { file: string }) =>
    `${file} is a courier: a round to be judged, or its answers. Open it under Judge.`,
  restoreRunGoing: ({ run }: { run: string }) =>
    `Run ${run} is being trained in another tab, so the restoring stopped before it. Stop it there, and restore the file again: what is there already stays.`,
  backupEntryAltered: ({ name }: { name: string }) =>
    `The file is not as it was written${name === '' ? ', near its beginning or end' : `, at "${name}" or right after it`}: a hash differs. Nothing was changed; take another copy of it.`,
};
