/** @file The command by which an administrator serves what was handed over, to be copied. */
import type { Server } from '../../../run/hand-over';
import type { Method } from '../../../run/config';
import { serverOf, type HandOverForm } from './form';

/** A word as a POSIX shell takes it. */
const word = (text: string): string => (/^[\w./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

const python = (text: string): string => JSON.stringify(text);

type Writer = (form: HandOverForm, base: string) => string;

const adapterCommands: Readonly<Record<Server, Writer>> = {
  vllm: ({ name, maxLoraRank }, base) =>
    `vllm serve ${word(base)} --enable-lora --max-lora-rank ${maxLoraRank} --lora-modules ${word(JSON.stringify({ name, path: `./${name}`, base_model_name: base }))}`,
  sglang: ({ name, maxLoraRank }, base) =>
    `python -m sglang.launch_server --model-path ${word(base)} --enable-lora --max-lora-rank ${maxLoraRank} --lora-paths ${name}=./${name}`,
  'llama.cpp': ({ name }, base) => `llama-server -m ${word(`${base}.gguf`)} --lora ${name}/adapter.gguf`,
  ollama: ({ name }) => `ollama create ${name} -f ${name}/Modelfile`,
  transformers: ({ name }, base) =>
    [
      'from peft import PeftModel',
      'from transformers import AutoModelForCausalLM',
      `model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(${python(base)}), ${python(`./${name}`)})`,
    ].join('\n'),
  mlx: ({ name }, base) => `mlx_lm.server --model ${word(base)} --adapter-path ./${name}`,
};

const mergedCommands: Readonly<Record<Server, Writer>> = {
  vllm: ({ name }) => `vllm serve ./${name} --served-model-name ${name}`,
  sglang: ({ name }) => `python -m sglang.launch_server --model-path ./${name} --served-model-name ${name}`,
  'llama.cpp': ({ name }) =>
    `python convert_hf_to_gguf.py ./${name} --outfile ${name}.gguf\nllama-server -m ${name}.gguf`,
  ollama: adapterCommands.ollama,
  transformers: ({ name }) =>
    [
      'from transformers import AutoModelForCausalLM',
      `model = AutoModelForCausalLM.from_pretrained(${python(`./${name}`)})`,
    ].join('\n'),
  mlx: ({ name }) => `mlx_lm.server --model ./${name}`,
};

/** A reward model has one format and is asked from Python; the padding token says which token is an answer's last. */
const rewardCommand: Writer = ({ name }, base) =>
  [
    'from peft import PeftModel',
    'from transformers import AutoModelForSequenceClassification, AutoTokenizer',
    `tokenizer = AutoTokenizer.from_pretrained(${python(base)})`,
    `model = AutoModelForSequenceClassification.from_pretrained(${python(base)}, num_labels=1)`,
    `model = PeftModel.from_pretrained(model, ${python(`./${name}`)})`,
    'tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token',
    'model.config.pad_token_id = tokenizer.pad_token_id',
  ].join('\n');

/**
 * @param base the base's name, as the run has it: where it lies on the server only the administrator knows
 * @returns one or several lines, from the folder that holds what was handed over
 */
export function commandOf(form: HandOverForm, base: string, method: Method): string {
  if (form.format === 'bundle')
    return [
      `cd ${form.name} && ln -s /path/to/${word(base)} base`,
      `trl ${method} --config ${method}.yaml --accelerate_config single_gpu.yaml`,
      'python check.py',
    ].join('\n');
  if (method === 'reward') return rewardCommand(form, base);
  return (form.format === 'merged' ? mergedCommands : adapterCommands)[serverOf(form.server)](form, base);
}
