/**
 * @file How much a file of pairs may hold, and why. A file is hostile: few kilobytes can claim to be gigabytes.
 */

/**
 * Bytes of a file, and of what is packed in it: pairs of a browser's training run are a hundredth of that. All of it is
 * in memory several times over while it is read, and then kept.
 */
export const maxFileBytes = 128 * 1024 * 1024;

/** Rows of a file: at one pair a second, which a good graphics card trains, these take two days. */
export const maxRows = 200_000;

/** Columns of a table: nobody can choose among more. */
export const maxColumns = 1000;

/** Cells of a table, empty ones too: 25 columns of all rows. */
export const maxCells = 25 * maxRows;

/** Pairs of a file: a row may make several. */
export const maxPairs = 2 * maxRows;

/** Characters of a file's pairs: a prompt stands in each pair that a row makes. */
export const maxPairCharacters = 2 * maxFileBytes;
