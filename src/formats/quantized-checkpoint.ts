/**
 * @file Whether a checkpoint's weights are codes of another arithmetic (bitsandbytes, GPTQ, AWQ, FP8, MLX) and no
 * numbers that Airlock reads. The tensors decide: a config may say so and be left over from a quantised run.
 */
import { UserError } from '../core/errors';
import { message, type Message } from '../messages/message';
import type { TensorInfo } from './safetensors';

type Config = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Config => typeof value === 'object' && value !== null;

/** Tensors that only stand beside codes: scales, zeros, code books. */
const partsOfCodes =
  /(^|[._])(scales|biases|qweight|qzeros|g_idx|absmax|quant_map|SCB|weight_format|W_q|weight_scale(_inv)?|input_scale|weight_shape|weight_packed)$|\.quant_state\./;

/** Buffers of older transformers, which are masks and positions. */
const buffers = /(attn|attention)\.(masked_)?bias$|position_ids$/;

const floats: readonly string[] = ['F64', 'F32', 'F16', 'BF16'];

/** Whether a tensor belongs to a weight that is stored as codes. */
function isOfCodes({ name, dtype }: TensorInfo): boolean {
  return partsOfCodes.test(name) || (!floats.includes(dtype) && !buffers.test(name));
}

/** The method in quotation marks, as config.json has it under `quant_method`, or what its options tell. */
function methodOf({ quant_method: method, load_in_4bit: in4Bit, load_in_8bit: in8Bit }: Config): string {
  if (typeof method === 'string') return JSON.stringify(method);
  return in4Bit === true || in8Bit === true ? 'bitsandbytes' : 'an unnamed method';
}

/**
 * Refuses weights that are stored as codes of another arithmetic.
 * @returns a warning where config.json speaks of quantisation and the weights are numbers all the same
 */
export function checkNotQuantized(name: string, config: Config, tensors: readonly TensorInfo[]): Message[] {
  const { quantization: mlx } = config;
  const settings = config['quantization_config'] ?? config['compression_config'];
  const code = tensors.find(isOfCodes);
  if (code && isObject(mlx) && mlx['bits'] !== undefined)
    throw new UserError('checkpointOfMlx', { name, bits: String(mlx['bits']) });
  if (!isObject(settings)) return [];
  const method = methodOf(settings);
  if (code) throw new UserError('checkpointQuantised', { name, method });
  const dtypes = [...new Set(tensors.map(({ dtype }) => dtype))].filter((dtype) => floats.includes(dtype));
  return [message('quantisationLeftOver', { method, dtypes: dtypes.join(', ') })];
}
