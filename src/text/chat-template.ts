/**
 * @file Messages -> the text that the model's chat template makes of them.
 * The template sees what transformers 5.18 gives it (`render_jinja_template`, `apply_chat_template`): messages,
 * add_generation_prompt, tools and documents (None), the special tokens, raise_exception, strftime_now; blocks are
 * trimmed as there. jinja/ renders it as Python does, under a budget, or refuses it.
 */
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { ChatMessage } from '../data/preference-pair';
import { templateGlobals } from './jinja/globals';
import type { Budget } from './jinja/scope';
import { Scope } from './jinja/scope';
import { parseTemplate, type Template } from './jinja/template';
import { text, toValue, Unsupported, type Value } from './jinja/values';
import { formatTime } from './strftime';

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

/** The most values inside one list or object, with those inside them, each as often as it is there. */
const maxNestedValues = 100_000;

/** Milliseconds after which rendering ends; a conversation takes a few. */
const maxRenderingMs = 5_000;

/** The template that was parsed last: a data set has one, used for every row. */
let parsed: { readonly source: string; readonly template: Template } | undefined;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The error of a template that Airlock does not render as Python does. */
const unsupported = (error: Unsupported): UserError => new UserError('templateUnsupported', { what: error.message });

function readTemplate(source: string): Template {
  if (source.length > maxTemplateCharacters) {
    throw new UserError('templateTooLong', { characters: source.length, limit: maxTemplateCharacters });
  }
  if (parsed?.source !== source) {
    try {
      parsed = { source, template: parseTemplate(source) };
    } catch (error) {
      if (error instanceof Unsupported) throw unsupported(error);
      throw new UserError('templateUnreadable', { reason: reasonOf(error) });
    }
  }
  return parsed.template;
}

/** What one rendering may use up. */
const budgetFor = (count: number): Budget => ({
  endsAt: performance.now() + maxRenderingMs,
  characters: maxRenderedCharacters,
  values: maxNestedValues,
  stop(reason, characters) {
    if (reason === 'time') throw new UserError('templateStopped', { seconds: maxRenderingMs / 1000, count });
    throw new UserError('templateMadeTooMuch', { characters, count, limit: maxRenderedCharacters });
  },
});

/** Everything a template can name. */
function scopeFor(messages: readonly ChatMessage[], options: RenderOptions): Scope {
  const globals = new Scope(budgetFor(messages.length));
  const variables: Readonly<Record<string, Value>> = {
    ...templateGlobals,
    strftime_now: ([format]) => formatTime(new Date(), text(format ?? null)),
    raise_exception: ([reason]) => {
      throw new Error(text(reason ?? null));
    },
    messages: toValue(messages),
    tools: null,
    documents: null,
    add_generation_prompt: options.addGenerationPrompt,
  };
  // A token that the tokenizer does not have is undefined in Python too, not None.
  for (const [name, value] of Object.entries({ ...options.specialTokens, ...variables })) globals.set(name, value);
  return globals.inner();
}

/**
 * Renders a conversation as text.
 * @throws UserError when the template is broken, refuses the messages (raise_exception), takes too long, writes too
 * much, or uses what Airlock does not do as Python does
 */
export function renderChat(source: string, messages: readonly ChatMessage[], options: RenderOptions): string {
  const template = readTemplate(source);
  try {
    return template(scopeFor(messages, options));
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Unsupported) throw unsupported(error);
    const roles = messages.map(({ role }) => role).join(', ');
    throw new UserError('templateRefuses', {
      roles: roles || message('noRoles'),
      reason: reasonOf(error).replace(/[.\s]+$/, ''),
    });
  }
}
