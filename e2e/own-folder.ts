/** @file A folder to write into: no test can answer the browser's own dialog. */

/** In the dialog's place stands a folder of the private file system; given to `addInitScript`. */
export const chooseOwnFolder = (): void => {
  const choose = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
  Object.assign(window, { showDirectoryPicker: choose });
};
