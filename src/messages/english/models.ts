/** @file What the architectures and an adapter's fit say. */
export const models = {
  configValueBad: ({ key, value, wanted }: { key: string; value: string; wanted: string }) =>
    `config.json: \`${key}\` is ${value}; it must be ${wanted}.`,
  onlyValue: ({ values }: { values: string }) => `${values}, the only value supported`,
  valuesSupported: ({ values }: { values: string }) => `${values}, the values supported`,
  valuesEither: ({ first, second }: { first: string; second: string }) => `${first} or ${second}`,
  aText: 'a string',
  aNumber: 'a number',
  trueOrFalse: 'true or false',
  wholeNumber: 'a whole number',
  withinLimits: ({ least, most }: { least: number; most: number }) =>
    `from ${least} to ${most}, which no published model leaves`,
  divisorOf: ({ whole }: { whole: number }) => `a divisor of ${whole}`,
  listOfCount: ({ count, items }: { count: number; items: string }) => `a list of ${count} ${items}`,
  listOf: ({ items }: { items: string }) => `a list of ${items}`,
  anObject: 'an object',
  isAbsent: 'absent',
  onlyValueHere: ({ values }: { values: string }) => `${values}, the only value supported here`,
  numbersWithin: ({ least, most }: { least: number; most: number }) => `numbers from ${least} to ${most}`,
  modelTypeUnsupported: ({ problem, models }: { problem: string; models: string }) =>
    `config.json ${problem}; supported are ${models}.`,
  modelTypeMissing: 'names no `model_type`',
  modelTypeOther: ({ type }: { type: string }) => `has the \`model_type\` ${type}, which is not supported`,
  rotaryOdd: ({ count, all }: { count: number; all: number }) =>
    `config.json: rotary positions would turn ${count} of ${all} dimensions a head; it must be an even number of them.`,
  ropeTypeOther: ({ type }: { type: string }) =>
    `config.json asks for the rope type ${type}; supported are default, linear, dynamic, yarn, llama3 and longrope.`,
  embeddingRowTooLarge: ({ bytes, limit }: { bytes: number; limit: number }) =>
    `One row of the embedding has ${bytes} bytes and this device takes ${limit} at once; use WASM.`,
  beyondFloat16: ({ tensor, place, value, limit }: { tensor: string; place: string; value: number; limit: number }) =>
    `'${tensor}' ${place} holds ${value}, beyond the ${limit} of float16; choose float32 or int4.`,
  moduleOfOtherModel: ({ module, blocks }: { module: string; blocks: number }) =>
    `The adapter has a module '${module}', which is no linear of this model's ${blocks} blocks; it was made for another model.`,
  moduleWithoutTensors: ({ module }: { module: string }) =>
    `The adapter has no tensors for '${module}', which its config names; it was made for another model, or its file is not whole.`,
  layerUnknown: ({ layer, last }: { layer: number; last: number }) =>
    `\`layers_to_transform\` names layer ${layer}; this model's layers are 0 to ${last}.`,
  layersPatternOther: ({ given, list }: { given: string; list: string }) =>
    `\`layers_pattern\` is ${given}; this model's layers are in the list ${list}. Write that, or leave the key out.`,
  loraShapeOther: ({ half, module, shape, wanted }: { half: string; module: string; shape: string; wanted: string }) =>
    `The adapter's lora_${half} of '${module}' is [${shape}], this model needs [${wanted}].`,
  targetUnknown: ({ name, names }: { name: string; names: string }) =>
    `\`lora_target_modules\` names ${name}; this model's blocks have ${names} (or "all-linear").`,
  targetsEmpty: ({ names }: { names: string }) => `\`lora_target_modules\` is empty; name at least one of ${names}.`,
};
