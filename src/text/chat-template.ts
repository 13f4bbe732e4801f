/**
 * @file Messages -> the text that the model's chat template makes of them, over `@huggingface/jinja`.
 * The template sees what transformers 5.18 gives it (`render_jinja_template`, `apply_chat_template`): messages,
 * add_generation_prompt, tools and documents (None), the special tokens, raise_exception, strftime_now; blocks are
 * trimmed as there. A template is part of a model from elsewhere: its output and its loops are capped, and since no
 * time limit is possible in here, it must run in a worker that can be ended.
 */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { UserError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import { rewriteStripCalls, stripFunctions } from './strip-characters';

export interface RenderOptions {
  /** Ends the text with the opening of an assistant's turn. */
  readonly addGenerationPrompt: boolean;
  readonly bosToken: string | null;
  readonly eosToken: string | null;
  readonly unkToken?: string | null;
  readonly padToken?: string | null;
}

/** The longest template known (a tool-calling one) has 20 thousand characters. */
const maxTemplateCharacters = 1_000_000;

/** A conversation beyond this is no training text; it bounds what a hostile template can hand to the tokenizer. */
const maxRenderedCharacters = 4_000_000;

/** Items of one range(): templates count messages and layers, not millions. */
const maxRangeItems = 100_000;

type Program = ReturnType<typeof parse>;

/** The template that was parsed last: a data set has one, used for every row. */
let parsed: { readonly template: string; readonly program: Program } | undefined;

function parseTemplate(template: string): Program {
  if (template.length > maxTemplateCharacters) {
    throw new UserError(
      `The model's chat template has ${template.length} characters; at most ${maxTemplateCharacters} are allowed. Use a model with another template.`,
    );
  }
  if (parsed?.template !== template) {
    try {
      // As Jinja does, which has one kind of line end.
      const source = template.replace(/\r\n?/g, '\n');
      const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
      rewriteStripCalls(program);
      parsed = { template, program };
    } catch (error) {
      throw new UserError(
        `The model's chat template could not be read (${reasonOf(error)}). Correct chat_template.jinja, or take a fresh copy of the model.`,
      );
    }
  }
  return parsed.program;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Python's range, with a limit. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second == null ? [0, first] : [first, second];
  if (step === 0) throw new Error('range() step must not be zero');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= maxRangeItems)) throw new Error(`range() over ${count} items; at most ${maxRangeItems} are allowed`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

const monthNames = 'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** Python's datetime.now().strftime in the C locale: the library's own writes month names in the browser's language. */
export function formatTime(date: Date, format: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const month = monthNames[date.getMonth()] ?? '';
  const day = dayNames[date.getDay()] ?? '';
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12;
  const directives: Readonly<Record<string, string>> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    B: month,
    b: month.slice(0, 3),
    d: two(date.getDate()),
    A: day,
    a: day.slice(0, 3),
    H: two(date.getHours()),
    I: two(hour12),
    p: date.getHours() < 12 ? 'AM' : 'PM',
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    '%': '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (directive, letter: string) => directives[letter] ?? directive);
}

/** Everything a template can name. */
function environmentFor(messages: readonly ChatMessage[], options: RenderOptions): Environment {
  const environment = new Environment();
  const special = { bos: options.bosToken, eos: options.eosToken, unk: options.unkToken, pad: options.padToken };
  const variables: Record<string, unknown> = {
    true: true,
    True: true,
    false: false,
    False: false,
    none: null,
    None: null,
    ...stripFunctions,
    range,
    strftime_now: (format: string) => formatTime(new Date(), format),
    raise_exception: (message: unknown) => {
      throw new Error(String(message));
    },
    messages,
    tools: null,
    documents: null,
    add_generation_prompt: options.addGenerationPrompt,
  };
  // A token that the tokenizer does not have is undefined in Python too, not None.
  for (const [name, token] of Object.entries(special)) if (token != null) variables[`${name}_token`] = token;
  for (const [name, value] of Object.entries(variables)) environment.set(name, value);
  return environment;
}

/**
 * The text of a conversation.
 * @throws UserError when the template is broken, refuses the messages (raise_exception) or writes too much.
 */
export function renderChat(template: string, messages: readonly ChatMessage[], options: RenderOptions): string {
  const program = parseTemplate(template);
  let text: string;
  try {
    text = String(new Interpreter(environmentFor(messages, options)).run(program).value);
  } catch (error) {
    const roles = messages.map(({ role }) => role).join(', ');
    throw new UserError(
      `The model's chat template does not take these messages (roles: ${roles || 'none'}): ${reasonOf(error).replace(/[.\s]+$/, '')}. ` +
        'Change the roles or their order to what the model expects.',
    );
  }
  if (text.length > maxRenderedCharacters) {
    throw new UserError(
      `The model's chat template made ${text.length} characters of ${messages.length} messages; at most ${maxRenderedCharacters} are allowed. Shorten the conversation.`,
    );
  }
  return text;
}
