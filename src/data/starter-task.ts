/** @file The names of the tasks whose pairs ship with Airlock, each a folder of public/starter. */
export const starterTasks = ['sentiment', 'summarization', 'dialogue'] as const;
export type StarterTaskId = (typeof starterTasks)[number];
