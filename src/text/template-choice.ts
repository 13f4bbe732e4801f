/**
 * @file Which chat template a model is used with: its own, one that the user gives or names, or none, which leaves text
 * pairs only. A base model has none, and none is guessed for it; what is chosen goes into the model card.
 */
import type { TemplateChoice } from '../run/base-model';
import { UserError } from '../core/errors';
import { markdownLine } from '../core/markdown-line';

export interface ChosenTemplate {
  /** The template's Jinja source; null where chat messages are refused. */
  readonly source: string | null;
  /** Whether it came with the model. */
  readonly isOwn: boolean;
  /** In words, for the model card. */
  readonly described: string;
}

/** Templates that use no token but the tokenizer's own end-of-sequence token after each answer. */
export const builtInTemplates: Readonly<Record<string, string>> = {
  /** `User: ...`, `Assistant: ...`: common words, no tokens that a base model has never seen. */
  plain:
    "{% for message in messages %}{{ message['role'] | capitalize + ': ' + message['content'] }}" +
    "{% if message['role'] == 'assistant' and eos_token is defined %}{{ eos_token }}{% endif %}{{ '\\n' }}{% endfor %}" +
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}",
  /** OpenAI's markup; worth it where the tokenizer has <|im_start|> and <|im_end|> as tokens. */
  chatml:
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
};

/**
 * Puts the choice in place of the model's own template; undefined keeps that.
 * @throws UserError for a name that no built-in template has
 */
export function chooseTemplate(own: string | null, choice: TemplateChoice | undefined): ChosenTemplate {
  if (choice === undefined)
    return { source: own, isOwn: true, described: own === null ? 'none; pairs of plain text' : "the base model's own" };
  if (typeof choice === 'object')
    return { source: choice.source, isOwn: false, described: `${markdownLine(choice.file)}, given for this run` };
  if (choice === 'none') return { source: null, isOwn: false, described: 'none; pairs of plain text' };
  const source = Object.hasOwn(builtInTemplates, choice) ? builtInTemplates[choice] : undefined;
  if (source !== undefined)
    return { source, isOwn: false, described: `\`${choice}\`, built into Airlock, chosen for this run` };
  throw new UserError('templateUnknown', { name: choice, names: Object.keys(builtInTemplates).join(', ') });
}
