/**
 * @file What the words of the field mean, each once: the small questions beside them and the list in the help read it
 * here.
 */

export interface TermText {
  readonly name: string;
  /** One to three sentences for somebody who has never trained a model. */
  readonly meaning: string;
}

const terms = {
  pair: {
    name: 'Preference pair',
    meaning: 'One prompt with two answers: the one that is wanted (chosen) and one that is not (rejected).',
  },
  dpo: {
    name: 'DPO',
    meaning:
      'Direct preference optimisation. Shows the model a good and a bad answer to the same prompt and makes the good one more likely than the bad one, without drifting far from where it began.',
  },
  sft: {
    name: 'SFT',
    meaning:
      'Supervised fine-tuning. The model learns to write the good answers word by word. It never sees the bad ones.',
  },
  kto: {
    name: 'KTO',
    meaning:
      'Kahneman-Tversky optimisation. Learns from single answers with a thumb up or down, where no two answers to one prompt were compared.',
  },
  rloo: {
    name: 'RLOO',
    meaning:
      'REINFORCE leave-one-out. The model answers a prompt several times, a reward judges the answers, and those that did better than the others become more likely.',
  },
  online_dpo: {
    name: 'Online DPO',
    meaning:
      'DPO on answers of the model’s own. It answers a prompt twice as it learns, a reward says which of the two answers is better, and DPO learns from that pair at once.',
  },
  ppo: {
    name: 'PPO',
    meaning:
      'Proximal policy optimisation. The model answers, a reward judges the answer, and a small second head learns to foresee that reward word by word; words that did better than foreseen become more likely, in small steps.',
  },
  base: {
    name: 'Base model',
    meaning: 'The model as it was opened. Training leaves it as it is; what is learned lies in an adapter beside it.',
  },
  adapter: {
    name: 'Adapter',
    meaning:
      'What training makes: small matrices that are added to the base model. A few megabytes, which a server loads beside its own copy of the base.',
  },
  lora: {
    name: 'LoRA',
    meaning:
      'Low-rank adaptation, the way in which the adapter is built: each adapted layer gets two thin matrices in place of a change to all of its weights.',
  },
  rank: {
    name: 'LoRA rank',
    meaning:
      'How wide the adapter’s matrices are. More can learn more and takes more memory; 8 to 16 does for most data.',
  },
  alpha: {
    name: 'LoRA alpha',
    meaning:
      'How loud the adapter is: what it adds is multiplied by alpha ÷ rank. Twice the rank is usual, and then it is doubled.',
  },
  peft: {
    name: 'PEFT',
    meaning: 'A library of Hugging Face. Its form of adapter files is the one that vLLM and other servers read.',
  },
  gguf: {
    name: 'GGUF',
    meaning: 'The one file in which llama.cpp and what is built on it keep a model, or an adapter.',
  },
  canary: {
    name: 'Canary',
    meaning:
      'A short text with the probabilities that the studio gave to each of its tokens. A server that gives the same serves the same model; one that does not serves another, or the base alone.',
  },
  merged: {
    name: 'Merged model',
    meaning:
      'The base model with the adapter added to its weights for good. As large as the base; any server takes it, and it needs no word of LoRA.',
  },
  beta: {
    name: 'Beta',
    meaning:
      'How firmly DPO holds the model to where it began. Small values, such as 0.05, let it go far; large ones, such as 0.5, keep it close.',
  },
  reference: {
    name: 'Reference model',
    meaning: 'The frozen model that DPO measures against, most often the base. Rewards count from what it would say.',
  },
  loss: {
    name: 'Loss',
    meaning:
      'The number that training makes small: how wrong the model still is by the method’s measure. Losses of different methods cannot be compared with each other.',
  },
  heldOut: {
    name: 'Held-out pairs',
    meaning:
      'Pairs that the run never learns from, kept to test it. How it does on them says more than how it does on those it has seen.',
  },
  evaluation: {
    name: 'Evaluation loss',
    meaning:
      'The loss on held-out pairs. Where it rises while the loss of training still falls, the model learns by heart.',
  },
  overfitting: {
    name: 'Learning by heart',
    meaning:
      'Overfitting: the model repeats what it was shown and gets no better, or worse, at anything else. Fewer epochs, more pairs or a smaller learning rate help.',
  },
  logps: {
    name: 'Log-probability',
    meaning:
      'How likely the model thinks an answer, as a logarithm: always below 0, and nearer to 0 is likelier. Summed over the answer’s tokens, so longer answers are lower.',
  },
  nat: {
    name: 'Nat',
    meaning: 'The unit of log-probabilities. One nat more makes something 2.7 times as likely.',
  },
  kl: {
    name: 'KL',
    meaning:
      'Kullback–Leibler divergence: how far the trained model’s answers have moved from those of the reference. 0 is not at all; a lot of it for little reward is a warning.',
  },
  reward: {
    name: 'Reward',
    meaning:
      'How much likelier the trained model makes an answer than the reference does, times beta. DPO has no judge of its own; this is its measure, also called the implicit reward. A reward model is such a judge: its reward is the score that it gives an answer.',
  },
  margin: {
    name: 'Reward margin',
    meaning: 'The reward of the chosen answer less that of the rejected one. Above 0 the model prefers the chosen one.',
  },
  accuracy: {
    name: 'Accuracy',
    meaning:
      'In how many pairs of a hundred the chosen answer has the higher reward. 50% is guessing; 100% on held-out pairs is rare.',
  },
  gradient: {
    name: 'Gradient norm',
    meaning:
      'How strongly a step wants to change the adapter. Sudden peaks say that the learning rate is too high or a pair is odd.',
  },
  learningRate: {
    name: 'Learning rate',
    meaning:
      'The size of each step. Too high and the loss jumps or the text breaks; too low and nothing is learned in the time.',
  },
  warmup: {
    name: 'Warm-up',
    meaning:
      'The first steps, in which the learning rate rises from 0, so that the first pairs do not upset the model.',
  },
  epoch: { name: 'Epoch', meaning: 'One pass over all pairs. Three epochs show each pair three times.' },
  step: { name: 'Step', meaning: 'One change of the adapter, after a batch of pairs.' },
  batch: {
    name: 'Batch',
    meaning:
      'The pairs that one step looks at. With gradient accumulation it is put together of several smaller ones, which needs less memory.',
  },
  weightDecay: {
    name: 'Weight decay',
    meaning: 'Pulls the adapter a little towards nothing at each step, against learning by heart.',
  },
  seed: {
    name: 'Seed',
    meaning: 'The number that all chance is drawn from. The same seed, data and settings give the same result again.',
  },
  trainingCheckpoint: {
    name: 'Checkpoint of a run',
    meaning:
      'A run as it stood at a step, kept so that it can go on from there after a pause, or with other settings (a fork).',
  },
  earlyStopping: {
    name: 'Early stopping',
    meaning: 'Ends a run once the evaluation has not become better for a while, and keeps the best step.',
  },
  checkpoint: {
    name: 'Checkpoint',
    meaning:
      'A model as files, as Hugging Face lays them out: config.json, tokenizer.json and the weights as .safetensors.',
  },
  token: {
    name: 'Token',
    meaning:
      'What a model reads and writes: a word or a piece of one. A Korean syllable is one token or several, as the model knows it.',
  },
  eos: {
    name: 'End-of-sequence token',
    meaning:
      'The sign by which a model says that its answer is over. A model that never learned it goes on until it is cut off.',
  },
  template: {
    name: 'Chat template',
    meaning:
      'How a conversation is written down for a model: which signs stand before the user’s words and before the answer. Training and asking must use the same one.',
  },
  systemPrompt: {
    name: 'System message',
    meaning: 'What a model is told before the conversation begins: its role, its tone, what to leave out.',
  },
  quantisation: {
    name: 'Quantisation',
    meaning: 'Holding weights in fewer bits: a quarter of the memory with 4, and slightly different answers.',
  },
  tensor: {
    name: 'Tensor',
    meaning: 'A table of numbers, of one or several dimensions. A model’s weights are tensors.',
  },
  tied: {
    name: 'Tied embeddings',
    meaning: 'The model uses one table of words for reading and for writing, in place of two.',
  },
  fingerprint: {
    name: 'Fingerprint',
    meaning:
      'A number worked out from all of a model’s weights (SHA-256). Two models with the same fingerprint are the same; an adapter belongs to one.',
  },
  wasm: {
    name: 'WASM',
    meaning: 'WebAssembly, how Airlock computes on the processor (CPU). Runs everywhere, slower than a graphics card.',
  },
  webgpu: {
    name: 'WebGPU',
    meaning: 'How Airlock computes on the graphics card (GPU), where Chrome offers it. Much faster.',
  },
  temperature: {
    name: 'Temperature',
    meaning:
      'How freely answers are drawn. 0 always takes the likeliest token and gives the same answer each time; 1 draws as likely as the model thinks.',
  },
  winRate: {
    name: 'Win rate',
    meaning: 'In how many comparisons of a hundred an answer was the better one; a tie counts half.',
  },
  interval: {
    name: '95% interval',
    meaning:
      'The range in which the true value lies in 95 of 100 such trials (after Wilson). Where it holds 50%, nothing is decided yet; more comparisons make it narrower.',
  },
} satisfies Readonly<Record<string, TermText>>;

export type TermId = keyof typeof terms;

export const glossary = {
  title: 'Words',
  what: (name: string) => `What is “${name}”?`,
  about: (field: string) => `Help on “${field}”`,
  all: 'All words',
  search: 'Search the words',
  none: 'No word matches.',
  found: (shown: number, total: number) => (shown === total ? `${total} words` : `${shown} of ${total} words`),
  terms: terms as Readonly<Record<TermId, TermText>>,
};
