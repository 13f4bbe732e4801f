/** @file What the page itself refuses. */
export const studio = {
  engineStopped: ({ reason }: { reason: string }) => `The engine stopped: ${reason}.`,
  workerCrashed: 'its worker crashed or could not be loaded',
  engineDied:
    'The engine ended without a word: the browser closed its worker, most likely because memory ran out. Less memory is needed with less exact weights, fewer pairs a batch or a smaller `max_length`.',
  engineRestarted: 'The engine was restarted.',
  noCheckpoint: ({ run, step }: { run: string; step: number }) =>
    `Run ${run} has no checkpoint of step ${step} in this browser any more.`,
  olderCheckpoint: ({ run, step, last }: { run: string; step: number; last: number }) =>
    `The checkpoint of step ${last} of run ${run} is damaged or gone; it goes on from step ${step}, the newest one that is whole.`,
  noSoundCheckpoint: ({ run }: { run: string }) =>
    `Run ${run} has no checkpoint that is whole, with the pairs that it was trained on, in this browser. Its metrics and its last adapter stay; to go on, start a new run that continues its adapter.`,
  noAdapter: ({ run }: { run: string }) =>
    `The adapter of run ${run} is not in this browser any more, or was set aside because it is damaged. Go on from one of its checkpoints to make it anew, or take another run's.`,
  nothingHeldOut:
    'No pair is held out for evaluation, or none is left for training; add pairs, change the share, or turn evaluation off.',
  trainedElsewhere: ({ run }: { run: string }) => `Run ${run} is being trained in another tab; stop it there first.`,
  sweepLacksPairs: ({ dataset }: { dataset: string }) =>
    `No run of this frontier keeps the pairs that it is trained on. Open the data set ${dataset} under Data, then go on.`,
  sweepLacksReward:
    'This frontier is scored by a reward that cannot be opened here. Put it away and begin one with another reward.',
  starterFileMissing: ({ path }: { path: string }) =>
    `The starter's file ${path} is missing on the server. Tell whoever installed Airlock; your own model works without it.`,
  starterSetNotOpened:
    'The starter needs a data set of its own, so that yours stays as it is, and the browser could not store one. Free space under Storage, and try again.',
  pairsNotKept: ({ run }: { run: string }) =>
    `The pairs that ${run} was trained on are kept in this browser no more, or never were.`,
  folderRefused: ({ reason }: { reason: string }) =>
    `The browser gives no folder to write to (${reason}). Write a zip instead.`,
  starterNotOpened: 'The model of the starter was not opened.',
  bestAtZero: 'At temperature 0 all answers are the same, so none is the best; raise the temperature under Sampling.',
  choicesTooFew: ({ run, count, fewest }: { run: string; count: number; fewest: number }) =>
    `${run} has ${count} held-out pairs that can be scored, and fewer than ${fewest} tell nothing of how sure it is; train it with a larger share for evaluation.`,
  sweepElsewhere:
    'Another tab carries this frontier out. What it trains and measures is shown here as it comes; pause it there to go on here.',
  judgeRewardGone:
    'The judge that was chosen is gone; have a model judge a prompt set under Compare, or choose another reward.',
  judgeRewardNotKept: ({ judge, base }: { judge: string; base: string }) =>
    `The judge ${judge} is of ${base}, which is not kept in this browser and so cannot be loaded. Add ${base} under Models and open it once, or choose another reward.`,
  runJudgeGone: ({ judge }: { judge: string }) =>
    `The answers of this run are compared by ${judge}, which is not kept in this browser any more, or not with the same files. Add ${judge} under Models as it was and go on, or start a new run with another judge.`,
  judgeRewardUnknown: ({ judge, there, wanted }: { judge: string; there: number; wanted: number }) =>
    `How well ${judge} judges is not known: ${there} of the comparisons that it judged are judged by you too, and ${wanted} are needed; judge more of them blind in a prompt set that it judged.`,
  judgeRewardRefused: ({ judge, share, bound }: { judge: string; share: number; bound: number }) =>
    `The judge ${judge} was refused: it agreed with ${share}% of your blind judgements and ${bound}% are asked of it; have another model judge, ask it another question in a prompt set, or choose another reward.`,
  rewardRunGone: 'The reward model that was chosen is gone; choose another one to judge the answers.',
  rewardRunOther: ({ run, base, model }: { run: string; base: string; model: string }) =>
    `The reward model ${run} was trained on ${base} and cannot judge answers of ${model}; choose one of this model, or open ${base}.`,
  bestNeedsRules:
    'The rules of this data set are to score the answers, and there are none yet, or one needs correction. Write them under Data.',
  judgeNotLoaded: ({ name }: { name: string }) =>
    `${name}, which was to judge, was not loaded. Load it under Models, which says what is in the way, and ask it from here again.`,
};
