/**
 * @file What tabs tell each other: that a run, the data set, a round of judging, a prompt set, a demonstration or rules
 * were written, so that no tab goes on with an old copy.
 */

export interface TabNews {
  /** Says what was written. @param topic a run's id, 'dataset', 'judging', 'trials', 'demonstration' or 'rules' */
  tellTabs(topic: string): void;
  /** Calls the listener for writes of other tabs, never for this one's. */
  listen(listener: (topic: string) => void): void;
}

export function openTabNews(): TabNews {
  const channel = new BroadcastChannel('airlock-news');
  return {
    tellTabs: (topic) => channel.postMessage(topic),
    listen: (listener) => channel.addEventListener('message', ({ data }) => typeof data === 'string' && listener(data)),
  };
}
