/** @file What the readers of checkpoints and adapters say. */
export const formats = {
  fileUnreadable: ({ file, reason }: { file: string; reason: string }) =>
    `${file} could not be read (${reason}). If it was changed, moved or removed after it was chosen, choose it again.`,
  textFileTooLarge: ({ file, bytes, limit }: { file: string; bytes: number; limit: number }) =>
    `${file} has ${bytes} bytes; a text file may have at most ${limit}. Check that it is the right file.`,
  notUtf8: ({ file }: { file: string }) =>
    `${file} is not UTF-8 text. Save it as UTF-8, or check that it is the right file.`,
  notJson: ({ file, reason }: { file: string; reason: string }) =>
    `${file} is not valid JSON: ${reason}. Correct it or take a fresh copy of the file.`,
  jsonTooDeep: ({ file, limit }: { file: string; limit: number }) =>
    `${file} has more than ${limit} levels of nesting; take a fresh copy of the file.`,
  jsonTooManyMembers: ({ file, count, limit }: { file: string; count: number; limit: number }) =>
    `${file} has ${count} members of objects; at most ${limit} are read, three times as many as the largest tokenizer known has. Take a fresh copy of the file.`,
  notJsonObject: ({ file, value }: { file: string; value: string }) =>
    `${file} holds ${value}; it should hold a JSON object ({...}). Check that it is the right file.`,
  fileMissing: ({ name, file, hint, found }: { name: string; file: string; hint: string; found: string }) =>
    `${name} has no ${file}; ${hint} ${found}`,
  folderHolds: ({ files }: { files: string }) => `It holds ${files}.`,
  noFileAtAll: 'no file at all',
  filesAndMore: ({ files, count }: { files: string; count: number }) => `${files} and ${count} more`,
  folderIsAt: ({ place }: { place: string }) => `There is one at ${place}: choose that folder.`,
  chooseCheckpointFolder: "choose the checkpoint's own folder (config.json, tokenizer.json, model.safetensors).",
  chooseAdapterFolder: "choose the adapter's own folder.",
  fileHoldsWeights: 'it holds the weights.',
  fileMakesTokens: 'it is needed to turn text into tokens.',
  onlyOlderTokenizer: ({ file }: { file: string }) =>
    `only the older ${file} is there. Load the tokenizer with transformers' AutoTokenizer and call save_pretrained.`,
  weightsInOneOrParts: 'Airlock reads weights from that file or from its numbered parts.',
  fileIsNamedPart: ({ file }: { file: string }) => `${file} names it as a part of the weights. Add it.`,
  weightMapMissing: ({ file }: { file: string }) =>
    `${file} has no \`weight_map\` object; take a fresh copy of the file.`,
  shardNameBad: ({ file, tensor, part }: { file: string; tensor: string; part: string }) =>
    `${file} places the tensor ${tensor} in ${part}; it must be the name of a .safetensors file in the same folder. Take a fresh copy of the index.`,
  shardLacksTensor: ({ file, tensor, part }: { file: string; tensor: string; part: string }) =>
    `${file} places the tensor ${tensor} in ${part}, which does not hold it. The files may come from different downloads; take a fresh copy of all of them.`,
  weightsOfOtherFormat: ({ name, file, wanted }: { name: string; file: string; wanted: string }) =>
    `${name} has its weights in ${file}; Airlock reads ${wanted}. Convert it where Python is at hand: load it with transformers and call save_pretrained.`,
  checkpointQuantised: ({ name, method }: { name: string; method: string }) =>
    `${name} is quantised (quantization_config of config.json: ${method}); Airlock reads weights in F32, F16 or BF16. Choose the checkpoint that it was made from.`,
  checkpointOfMlx: ({ name, bits }: { name: string; bits: string }) =>
    `${name} is an MLX checkpoint, quantised to ${bits} bits; Airlock reads weights in F32, F16 or BF16. Choose the checkpoint that it was made from, or convert it back on the Mac: mlx_lm.convert --dequantize.`,
  quantisationLeftOver: ({ method, dtypes }: { method: string; dtypes: string }) =>
    `config.json has a quantization_config (${method}), but the weights are plain numbers (${dtypes}) and are used as they are. transformers would quantise them when it loads this folder; remove quantization_config to have the same model there.`,
  safetensorsBroken: ({ file, reason }: { file: string; reason: string }) =>
    `${file} is not a valid safetensors file: ${reason}. The download or copy may be incomplete; take a fresh copy.`,
  headerCut: ({ bytes }: { bytes: number }) => `it has ${bytes} bytes, fewer than the 8 of a header length`,
  headerLengthHuge: ({ bytes, limit }: { bytes: string; limit: number }) =>
    `it begins with a header length of ${bytes} bytes, and at most ${limit} are allowed`,
  headerBeyondFile: ({ bytes, all }: { bytes: string; all: number }) =>
    `its header should have ${bytes} bytes, but the file has only ${all} in all`,
  headerNotUtf8: 'its header is not UTF-8 text',
  headerNotJson: ({ reason }: { reason: string }) => `its header is not valid JSON (${reason})`,
  headerNotObject: 'its header is not a JSON object',
  metadataNotObject: '`__metadata__` is not a JSON object',
  metadataNotText: ({ key }: { key: string }) => `the metadata ${key} is not a string`,
  tensorFault: ({ tensor, fault }: { tensor: string; fault: string }) => `the tensor ${tensor} ${fault}`,
  entryNotObject: 'is not described by a JSON object',
  dtypeMissing: 'has no dtype',
  dtypeUnknown: ({ dtype }: { dtype: string }) => `has the unknown dtype ${dtype}`,
  shapeFault: ({ fault }: { fault: string }) => `has a shape that ${fault}`,
  offsetsFault: ({ fault }: { fault: string }) => `has data_offsets that ${fault}`,
  offsetsCount: ({ count }: { count: number }) => `has ${count} data_offsets, and needs two`,
  sizesMissing: 'is missing or not a list',
  sizeNotInteger: ({ value }: { value: string }) => `holds ${value}, which is not an integer up to 2^53`,
  sizeNotNumber: ({ value }: { value: string }) => `holds ${value}, which is not a number`,
  sizeNegative: ({ value }: { value: string }) => `holds ${value}, which is negative`,
  tensorTooLarge: ({ shape }: { shape: string }) => `has the shape [${shape}], which has too many elements`,
  tensorOddBits: ({ bits, dtype, shape }: { bits: number; dtype: string; shape: string }) =>
    `has ${bits} bits (${dtype}, shape [${shape}]), which is no whole number of bytes`,
  tensorSpanWrong: ({
    begin,
    end,
    dtype,
    shape,
    bytes,
  }: {
    begin: number;
    end: number;
    dtype: string;
    shape: string;
    bytes: number;
  }) => `spans bytes ${begin} to ${end}, but ${dtype} of shape [${shape}] has ${bytes} bytes`,
  tensorHole: ({ begin, wanted }: { begin: number; wanted: number }) =>
    `leaves a hole before it (it begins at byte ${begin}, expected ${wanted})`,
  tensorOverlap: ({ begin, wanted }: { begin: number; wanted: number }) =>
    `overlaps the one before it (it begins at byte ${begin}, expected ${wanted})`,
  dataEndsWrong: ({ end, bytes }: { end: number; bytes: number }) =>
    `its tensors end at byte ${end}, but the file has ${bytes} bytes`,
  tensorDtypeUnread: ({ tensor, file, dtype }: { tensor: string; file: string; dtype: string }) =>
    `The tensor ${tensor} of ${file} is stored as ${dtype}; Airlock reads F32, F16 and BF16. Save the model in one of those, without quantisation.`,
  theAdapter: 'The adapter',
  ancestorsBad: ({ file, key, limit }: { file: string; key: string; limit: number }) =>
    `The metadata of ${file} has \`${key}\` that is no list of at most ${limit} names; take a fresh copy.`,
  metadataValueUnknown: ({ file, key, value, values }: { file: string; key: string; value: string; values: string }) =>
    `The metadata of ${file} has \`${key}\` ${value}; known are ${values}.`,
  loraOptionUnsupported: ({ file, key, value, reason }: { file: string; key: string; value: string; reason: string }) =>
    `${file} sets \`${key}\` to ${value}: ${reason}, which Airlock does not support. Train the adapter as plain LoRA, or merge it into the base model with PEFT and open the result.`,
  useDora: 'DoRA scales every output by a learned magnitude',
  useQalora: 'QALoRA pools the inputs',
  useBdlora: 'block-diagonal LoRA has another product',
  modulesToSave: 'it replaces whole modules of the base model',
  patternUnread: 'it is an expression that only Python reads',
  layerReplication: 'it repeats layers of the base model',
  trainableTokens: 'it replaces rows of the embedding',
  targetParameters: 'it adapts parameters that are not linear layers',
  loraBias: 'it adds a bias to lora_B',
  activatedLora: 'activated LoRA works on a part of the text only',
  arrowConfig: 'it routes between several adapters',
  kasaConfig: 'KaSA changes the base weights',
  monteCloraConfig: 'MonteCLoRA samples its weights',
  veloraConfig: 'VeLoRA changes how inputs are kept',
  megatronConfig: 'Megatron splits the layers',
  replacesBiases: 'it replaces biases of the base model',
  rewritesBase: 'it starts from rewritten base weights',
  notCausalLm: 'it is not an adapter of a text generation model ("CAUSAL_LM") or a reward model ("SEQ_CLS")',
  peftTypeOther: ({ file, type }: { file: string; type: string }) =>
    `${file} has the peft_type ${type}; Airlock reads LoRA adapters ("LORA").`,
  rankBad: ({ file, value }: { file: string; value: string }) =>
    `${file} has the rank \`r\` ${value}; it must be a whole number above 0.`,
  patternValueBad: ({ file, key, pattern, value }: { file: string; key: string; pattern: string; value: string }) =>
    `${file} sets \`${key}\` of ${pattern} to ${value}; it must be a number, and a rank a whole one above 0.`,
  alphaBad: ({ file, value }: { file: string; value: string }) =>
    `${file} has the \`lora_alpha\` ${value}; it must be a number.`,
  tensorNotLora: ({ file, tensor }: { file: string; tensor: string }) =>
    `${file} holds the tensor ${tensor}, which is not part of plain LoRA (base_model.model.<module>.lora_A.weight and .lora_B.weight). Train the adapter on linear layers alone.`,
  tensorOfFile: ({ tensor, file }: { tensor: string; file: string }) => `the tensor ${tensor} of ${file}`,
  scoreShapeBad: ({ tensor, shape }: { tensor: string; shape: string }) =>
    `The shape of ${tensor} is [${shape}]; the score head of a reward model has one row (num_labels = 1).`,
  scoreMissing: ({ file, tensor }: { file: string; tensor: string }) =>
    `The adapter is one of a model for sequence classification, and ${file} has no ${tensor}, its score head; train it with \`modules_to_save: ["score"]\`.`,
  loraShapeBad: ({ tensor, shape }: { tensor: string; shape: string }) =>
    `The shape of ${tensor} is [${shape}]; a LoRA matrix has two sizes above 0.`,
  loraRankOther: ({
    file,
    r,
    tensor,
    rank,
    rows,
    columns,
  }: {
    file: string;
    r: number;
    tensor: string;
    rank: number;
    rows: number;
    columns: number;
  }) =>
    `${file} says r = ${r}, but ${tensor} has rank ${rank} (shape [${rows}, ${columns}]). The files may belong to different adapters.`,
  weightNotFinite: ({ place, tensor, value }: { place: string; tensor: string; value: string }) =>
    `Element ${place} of ${tensor} is ${value}; every weight must be a finite number. Its training diverged: take an earlier adapter.`,
  loraHalfMissing: ({ file, half, module }: { file: string; half: string; module: string }) =>
    `${file} has no lora_${half} for ${module}, only its other half; take a fresh copy.`,
  noLoraTensor: ({ file }: { file: string }) => `${file} holds no LoRA tensor; check that it is the right file.`,
  targetModulesMissing: ({ file }: { file: string }) =>
    `${file} has no list of \`target_modules\`; it should name the adapted layers, such as ["q_proj", "v_proj"].`,
  moduleNotTargeted: ({
    file,
    module,
    config,
    targets,
  }: {
    file: string;
    module: string;
    config: string;
    targets: string;
  }) =>
    `${file} adapts ${module}, which \`target_modules\` of ${config} does not name (${targets}). The files may belong to different adapters.`,
  adapterLayersBad: ({ file, value }: { file: string; value: string }) =>
    `${file} has \`layers_to_transform\` ${value}; it must be a layer's index or a list of them.`,
  adapterOfMlx: ({ file }: { file: string }) =>
    `This is an MLX adapter (${file}); Airlock reads PEFT's (adapter_model.safetensors). Merge it into its base model on the Mac with mlx_lm.fuse --dequantize and open the result, or train it with PEFT.`,
  adapterIsPickle: ({ file }: { file: string }) =>
    `The adapter has its weights in adapter_model.bin, a pickle that may run code; Airlock reads ${file}. Load it with PEFT and call save_pretrained.`,
};
