/**
 * @file The tokens that a tokenizer itself adds around a text, from tokenizer.json's `post_processor`. In the Rust
 * crate they are ids that the post-processor names; `@huggingface/tokenizers` 0.2 looks their spelling up again.
 */
import { UserError } from '../core/errors';
import { isJsonObject, shortJson, type JsonObject } from '../core/json';

export interface Surroundings {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function unsupported(what: string): UserError {
  return new UserError('postProcessorUnsupported', { what });
}

function checkIds(ids: unknown): number[] {
  if (Array.isArray(ids) && ids.every((id) => Number.isInteger(id) && id >= 0)) return ids as number[];
  throw unsupported(`the token ids ${JSON.stringify(ids ?? null)}`);
}

/** The `single` template: special tokens before and after the one text. */
function parseTemplate(node: JsonObject): Surroundings {
  const given: readonly unknown[] = Array.isArray(node['single']) ? node['single'] : [];
  if (!given.every(isJsonObject)) throw unsupported('a template of other things than texts and tokens');
  const items = given;
  const tokens = (isJsonObject(node['special_tokens']) ? node['special_tokens'] : {}) as Readonly<
    Record<string, JsonObject | null>
  >;
  const textAt = items.findIndex((item) => 'Sequence' in item);
  const idsOf = (part: readonly JsonObject[]) =>
    part.flatMap((item) => {
      const name = (item['SpecialToken'] as JsonObject | null | undefined)?.['id'];
      if (typeof name !== 'string') throw unsupported('a template of more than one text');
      return checkIds(Object.hasOwn(tokens, name) ? tokens[name]?.['ids'] : null);
    });
  if (textAt < 0) throw unsupported('a template without the text');
  return { before: idsOf(items.slice(0, textAt)), after: idsOf(items.slice(textAt + 1)) };
}

/** @throws UserError for a post-processor of an unknown kind. */
export function parsePostProcessor(node: unknown): Surroundings {
  if (node === null || node === undefined) return { before: [], after: [] };
  if (!isJsonObject(node)) throw unsupported(`the value ${shortJson(node)}`);
  const { type, processors, cls, sep } = node;
  switch (type) {
    // Moves offsets alone.
    case 'ByteLevel':
      return { before: [], after: [] };
    case 'TemplateProcessing':
      return parseTemplate(node);
    case 'BertProcessing':
    case 'RobertaProcessing':
      return {
        before: checkIds([(cls as unknown[] | undefined)?.[1]]),
        after: checkIds([(sep as unknown[] | undefined)?.[1]]),
      };
    case 'Sequence': {
      // Each surrounds what those before it made.
      const parts = (Array.isArray(processors) ? processors : []).map(parsePostProcessor);
      return { before: parts.toReversed().flatMap(({ before }) => before), after: parts.flatMap(({ after }) => after) };
    }
    default:
      throw unsupported(`the type ${JSON.stringify(type ?? null)}`);
  }
}
