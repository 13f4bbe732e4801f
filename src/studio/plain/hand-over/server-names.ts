/** @file What the servers call themselves, in every language. */
import type { Server } from '../../../run/hand-over';

export const serverNames: Readonly<Record<Server, string>> = {
  vllm: 'vLLM',
  sglang: 'SGLang',
  'llama.cpp': 'llama.cpp',
  ollama: 'Ollama',
  transformers: 'transformers',
  mlx: 'MLX',
};
