/** @file The names of the tasks whose pairs ship with Airlock, each a folder of public/starter. */
export const starterTasks = ['sentiment', 'sentiment-ko', 'summarization', 'dialogue'] as const;
export type StarterTaskId = (typeof starterTasks)[number];

/** The tasks whose answer goes on with its prompt, a review, and is scored by the opinions in both. */
export const reviewTasks = ['sentiment', 'sentiment-ko'] as const;
export type ReviewTaskId = (typeof reviewTasks)[number];

export const isReviewTask = (task: StarterTaskId): task is ReviewTaskId => reviewTasks.some((id) => id === task);
