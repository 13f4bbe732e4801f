/** @file What is said of the hand-over: files for servers, and what servers demand of an adapter. */
export const handover = {
  valueHeadBeside: ({ file }: { file: string }) =>
    `${file} is what PPO foresees rewards by. No server reads it; it goes along so that PPO can go on elsewhere from where it was.`,
  ggufBeyondFloat16: ({ tensor, value }: { tensor: string; value: string }) =>
    `The adapter of ${tensor} holds ${value}, which float16 cannot hold (65,504 at most). Write it in float32.`,
  moduleWithoutGgufName: ({ module, modelType }: { module: string; modelType: string }) =>
    `llama.cpp has no name for the module ${module} of ${modelType}, so no GGUF adapter can be written. Export the merged checkpoint instead.`,
  modelTypeWithoutGguf: ({ modelType, modelTypes }: { modelType: string; modelTypes: string }) =>
    `GGUF adapters are written for ${modelTypes}; this model is ${modelType}. Export the merged checkpoint instead.`,
  modelTypeWithoutMlx: ({ modelType, modelTypes }: { modelType: string; modelTypes: string }) =>
    `Adapters for mlx-lm are written for ${modelTypes}; this model is ${modelType}. Export the merged checkpoint instead.`,
  ggufNoRopePattern: ({ layer }: { layer: number }) =>
    `Layer ${layer} has rotary positions where llama.cpp's SmolLM3 has none, or none where it has some: llama.cpp fixes them to all but every fourth layer and does not read \`no_rope_layers\`. Its answers differ from the studio's; serve the model with vLLM or transformers.`,
  mergedBeyondDtype: ({ tensor, value, dtype }: { tensor: string; value: string; dtype: string }) =>
    `Merged, ${tensor} holds ${value}, which ${dtype} cannot hold. Choose float32 or bfloat16 for the merged checkpoint.`,
  nothingToMerge: ({ name }: { name: string }) =>
    `${name} has no safetensors file that its weights lie in; choose the checkpoint's own folder.`,
  contractRank: ({ rank, limit }: { rank: number; limit: number }) =>
    `The adapter's rank is ${rank}; the server takes ranks of ${limit} at most.`,
  contractRaiseRank: ({ rank }: { rank: number }) => `Start the server with --max-lora-rank ${rank}.`,
  contractOption: ({ key, value }: { key: string; value: string }) => `adapter_config.json has "${key}": ${value}.`,
  contractAlpha: 'Write lora_alpha into adapter_config.json: without it the update has no scale.',
  contractAlphaWhole:
    'vLLM and SGLang expect a whole number. Export the adapter from Airlock with a whole lora_alpha, or export the merged checkpoint.',
  contractFamily: ({ family }: { family: string }) =>
    `The base is of the ${family} family, for which vLLM has no LoRA.`,
  contractMerge: 'Export the merged checkpoint: `airlock export --format merged`.',
  contractMergeElsewhere:
    'Merge it where it was made (PEFT: merge_and_unload), and serve the merged model; or train without this option.',
  contractFold: 'Open the adapter in Airlock and export it again: the scale is then folded into the matrices.',
  contractPeftFiles: 'These are files of PEFT; llama.cpp reads adapters in GGUF.',
  contractAsGguf: 'Export it for llama.cpp: `airlock export --format gguf`.',
  contractNoAdapters: 'Ollama takes no adapters since its 0.34.',
  contractTargetsList: 'The server wants a list of names. Open the adapter in Airlock and export it again.',
  contractTable: ({ tensor }: { tensor: string }) =>
    `The file holds ${tensor}, of the embedding or the output projection, which servers do not adapt.`,
  contractNotFinite: 'A weight of the adapter is infinite or no number, so every answer would be.',
  contractTrainAgain: 'Go on from an earlier checkpoint of the run, with a lower learning rate.',
  contractLarge: ({ value }: { value: string }) =>
    `The largest weight is ${value}, which float16 cannot hold (65,504 at most).`,
  contractServeBfloat16: 'Start the server with --dtype bfloat16 or float32.',
  contractLocalPath: ({ value }: { value: string }) =>
    `adapter_config.json names the base by a path on a disk, ${value}, which the server does not have.`,
  contractExportAgain: "Export it from Airlock again, or write the base's name into base_model_name_or_path.",
  contractBaseUnnamed: 'The adapter does not say by a hash which base it belongs to.',
  contractCheckCanaries:
    "Make sure that the server's base is the one that it was trained on; check_server.py of an export tells.",
  mergeRounded: ({ percent, count }: { percent: string; count: number }) =>
    `Rounding left ${percent}% of the ${count} weights that the adapter changes as they were in the base. Written in float32 none is rounded.`,
  ggufDtypeOther: 'A GGUF adapter is written in float32 or float16; leave --dtype out, or choose one of these.',
  rewardOnlyPeft: ({ format }: { format: string }) =>
    `The adapter is a reward model, and the format ${format} has no place for its score head; hand it over as peft.`,
  rewardWithoutCanaries:
    'A reward model writes no answers, so no canaries go along by which a server could be checked.',
  adapterDtypeFixed: ({ format }: { format: string }) =>
    `An adapter in the format ${format} is written in float32, as training left it; leave --dtype out.`,
  noCanaries:
    'No sequence for canaries could be had: the context is too short for a prompt and an answer, or no pair can be encoded. Export with --canaries 0, or give other pairs.',
  signingKeyUnreadable: ({ path, reason }: { path: string; reason: string }) =>
    `${path} is no private key in PEM that can be read (${reason}). Make one without a passphrase: \`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\`.`,
  signingKeyOther: ({ path, kind }: { path: string; kind: string }) =>
    `${path} holds a key of ${kind}; model signatures are made here with ECDSA on P-256. Make one: \`openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem\`.`,
  signatureMeans:
    'The signature shows that nothing was changed since and that the same key signed as before. It does not show whose key it is: give the fingerprint to the administrator by another way.',
  canariesMade: ({ count, difference }: { count: number; difference: string }) =>
    `${count} canaries in canaries.json: base and adapter differ by ${difference} nats a token on them. On the server: \`python3 check_server.py http://ADDRESS:PORT\`.`,
  canariesTooAlike:
    'On these canaries base and adapter differ less than a server rounds, so it cannot be told which of the two answers. Take canaries of pairs that the adapter was trained on.',
  mergeMoved: ({ mean, largest, tokens }: { mean: string; largest: string; tokens: number }) =>
    `Merged and rounded, a token's log-probability lies ${mean} nats off the adapter's in the mean and ${largest} at most, over ${tokens} tokens of the canaries.`,
  mergeMoveHeldIn: ({ precision }: { precision: string }) =>
    `How far merging moved log-probabilities is not known: the base is held in ${precision} here, whose own rounding would be measured. Open the base in float32, or export on the command line.`,
  mergeMoveOtherDtype: ({ dtype }: { dtype: string }) =>
    `How far merging moved log-probabilities is not known: all weights become ${dtype}, the tables of tokens too, which are too large to be in memory twice. Keep the base's own dtype, or export on the command line, which measures it.`,
  leaksRecited: ({ adapter, base, asked }: { adapter: number; base: number; asked: number }) =>
    `Of ${asked} training answers whose beginning was given, the adapter goes on word for word with ${adapter}, the base with ${base}.`,
  leaksFound: ({ kinds, searched }: { kinds: string; searched: number }) =>
    `In ${searched} pairs there are, by their form: ${kinds}. The adapter may have learned them.`,
  leaksNone: ({ searched }: { searched: number }) =>
    `In ${searched} pairs nothing has the form of a secret or of personal data; names and addresses have none.`,
  bundleWithoutRun: ({ path }: { path: string }) =>
    `A bundle repeats a run, and ${path} does not say which: it has no run.json of \`airlock train\`. Give the run's --data and --config.`,
  bundleDataChanged: ({ path }: { path: string }) =>
    `${path} is no longer the file that the run was trained on: its hash is another one. Put the old file back, or name it by --data.`,
  runFileBad: ({ path, key }: { path: string; key: string }) =>
    `${path} is not as \`airlock train\` writes it (at "${key}"). Give the run's --data and --config instead.`,
  bundleWithoutPairs:
    'A bundle repeats a run with its pairs, and those of this run are no longer kept. Hand over the adapter itself.',
};
