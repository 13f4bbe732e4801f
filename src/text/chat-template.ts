/**
 * @file Messages -> the text that the model's chat template makes of them, over `@huggingface/jinja`.
 * The template sees what transformers 5.18 gives it (`render_jinja_template`, `apply_chat_template`): messages,
 * add_generation_prompt, tools and documents (None), the special tokens, raise_exception, strftime_now; blocks are
 * trimmed as there. A template is part of a model from elsewhere, so it runs under a budget: the interpreter stops it
 * between any two steps when its time is over, and no step can take long, because every value that a step is given is
 * bounded (strings, and lists and objects with all that they hold).
 */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { ChatMessage } from '../data/preference-pair';
import { markPrinted, pythonText } from './printed-values';
import { rewriteStripCalls, stripFunctions } from './strip-characters';

export interface RenderOptions {
  /** Whether the text ends with the opening of an assistant's turn. */
  readonly addGenerationPrompt: boolean;
  /** The tokens that the tokenizer's config names, such as `bos_token`: transformers' `special_tokens_map`. */
  readonly specialTokens: Readonly<Record<string, string>>;
}

/** The longest template known (a tool-calling one) has 20 thousand characters. */
const maxTemplateCharacters = 1_000_000;

/** A conversation beyond this is no training text; it bounds what a hostile template can hand to the tokenizer. */
const maxRenderedCharacters = 4_000_000;

/** The most items of one range(): templates count messages and layers, not millions. */
const maxRangeItems = 100_000;

/** The most values inside one list or object, with those inside them, each as often as it is there. */
const maxNestedValues = 100_000;

/** Milliseconds after which rendering ends; a conversation takes a few. */
const maxRenderingMs = 5_000;

type Program = ReturnType<typeof parse>;

/** The template that was parsed last: a data set has one, used for every row. */
let parsed: { readonly template: string; readonly program: Program } | undefined;

function parseTemplate(template: string): Program {
  if (template.length > maxTemplateCharacters) {
    throw new UserError('templateTooLong', { characters: template.length, limit: maxTemplateCharacters });
  }
  if (parsed?.template !== template) {
    try {
      // As Jinja does, which has one kind of line end.
      const source = template.replace(/\r\n?/g, '\n');
      const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
      rewriteStripCalls(program);
      markPrinted(program);
      parsed = { template, program };
    } catch (error) {
      throw new UserError('templateUnreadable', { reason: reasonOf(error) });
    }
  }
  return parsed.program;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Counts as Python's range does, with a limit. */
function range(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second == null ? [0, first] : [first, second];
  if (step === 0) throw new Error('range() step must not be zero');
  const count = Math.max(0, Math.ceil((stop - start) / step));
  if (!(count <= maxRangeItems)) throw new Error(`range() over ${count} items; at most ${maxRangeItems} are allowed`);
  return Array.from({ length: count }, (_, i) => start + i * step);
}

const monthNames = 'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/**
 * Formats a date as Python's datetime.now().strftime does in the C locale: the library's own writes month names in the
 * browser's language.
 */
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
  for (const [name, value] of Object.entries({ ...options.specialTokens, ...variables })) environment.set(name, value);
  return environment;
}

/** What the interpreter computes with. */
type RuntimeValue = ReturnType<Interpreter['run']>;

function nestedValues(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : [];
}

/**
 * Whether a value holds more than is allowed; counts as a printer would walk, so that what is shared counts each time.
 */
function isTooLarge({ value }: RuntimeValue): boolean {
  const left = [...nestedValues(value)];
  for (let count = 0; left.length > 0; count++) {
    if (count + left.length > maxNestedValues) return true;
    left.push(...nestedValues((left.pop() as RuntimeValue).value));
  }
  return false;
}

/** The interpreter with its budget: looked at before every step, and every value after the step that made it. */
class BudgetedInterpreter extends Interpreter {
  private readonly endsAt = performance.now() + maxRenderingMs;

  constructor(
    environment: Environment,
    private readonly messageCount: number,
  ) {
    super(environment);
  }

  override evaluate(...step: Parameters<Interpreter['evaluate']>): RuntimeValue {
    if (performance.now() > this.endsAt) {
      throw new UserError('templateStopped', { seconds: maxRenderingMs / 1000, count: this.messageCount });
    }
    const result = this.evaluateStep(...step);
    if (typeof result.value === 'string' && result.value.length > maxRenderedCharacters) {
      throw new UserError('templateMadeTooMuch', {
        characters: result.value.length,
        count: this.messageCount,
        limit: maxRenderedCharacters,
      });
    }
    if (isTooLarge(result)) throw new Error(`a list or object of more than ${maxNestedValues} values`);
    return result;
  }

  private evaluateStep(...[statement, environment]: Parameters<Interpreter['evaluate']>): RuntimeValue {
    if (statement?.type !== 'Printed') return super.evaluate(statement, environment);
    const printed = this.evaluate((statement as unknown as { expression: typeof statement }).expression, environment);
    const text = pythonText(printed.type, printed.value);
    return text === null
      ? printed
      : super.evaluate({ type: 'StringLiteral', value: text } as unknown as typeof statement, environment);
  }
}

/**
 * Renders a conversation as text.
 * @throws UserError when the template is broken, refuses the messages (raise_exception), takes too long or writes too
 * much
 */
export function renderChat(template: string, messages: readonly ChatMessage[], options: RenderOptions): string {
  const program = parseTemplate(template);
  try {
    return String(new BudgetedInterpreter(environmentFor(messages, options), messages.length).run(program).value);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const roles = messages.map(({ role }) => role).join(', ');
    throw new UserError('templateRefuses', {
      roles: roles || message('noRoles'),
      reason: reasonOf(error).replace(/[.\s]+$/, ''),
    });
  }
}
