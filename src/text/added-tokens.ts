/**
 * @file The added tokens of a tokenizer: which there are, and how they are cut out of a text before anything else sees
 * it. `@huggingface/tokenizers` 0.2 trims the neighbours of a token with JavaScript's idea of white space, ignores
 * `single_word` and takes tokens from one file alone; this follows the Rust crate's `AddedVocabulary` (tokenizers 0.23,
 * `added_vocabulary.rs`) and what transformers 5.18 registers with it (`TokenizersBackend.__init__`).
 */
import type { JsonObject } from '../core/json';
import { checkCount, maxAddedCharacters, maxAddedTokens } from './tokenizer-limits';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Whether it takes the white space before it along. */
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Whether it is found only where no word character touches it. */
  readonly singleWord: boolean;
  /** Whether it is searched in the normalized text, as normalized itself. */
  readonly normalized: boolean;
  readonly special: boolean;
}

/** A token as the files describe it, before it has an id. */
export type TokenFlags = Omit<AddedToken, 'id'>;

/** Reads a token object of tokenizer.json or tokenizer_config.json; null for anything else. */
export function parseTokenFlags(value: unknown): TokenFlags | null {
  if (typeof value !== 'object' || value === null) return null;
  const { content, lstrip, rstrip, single_word: singleWord, normalized, special } = value as JsonObject;
  if (typeof content !== 'string') return null;
  return {
    content,
    lstrip: lstrip === true,
    rstrip: rstrip === true,
    singleWord: singleWord === true,
    normalized: typeof normalized === 'boolean' ? normalized : special !== true,
    special: special === true,
  };
}

/** The vocabulary of added tokens while it is filled. */
export class AddedVocabulary {
  private readonly byId = new Map<number, AddedToken>();
  private readonly ids = new Map<string, number>();
  /** One more than the highest id so far. */
  private next = 0;

  /** @param modelId the id of a token in the model's own vocabulary, which has `modelSize` tokens. */
  constructor(
    private readonly modelId: (content: string) => number | null,
    private readonly modelSize: number,
  ) {}

  get tokens(): readonly AddedToken[] {
    return [...this.byId.values()];
  }

  has(flags: TokenFlags): boolean {
    const id = this.ids.get(flags.content);
    const known = id === undefined ? undefined : this.byId.get(id);
    return (
      known !== undefined && (Object.keys(flags) as (keyof TokenFlags)[]).every((key) => known[key] === flags[key])
    );
  }

  idOf(content: string): number | null {
    return this.ids.get(content) ?? this.modelId(content);
  }

  /** Registers a token; one that the model's vocabulary lacks gets the next free id, whatever a file says. */
  add(flags: TokenFlags): void {
    if (flags.content === '') return;
    checkCount('characters in an added token', flags.content.length, maxAddedCharacters);
    const id = this.idOf(flags.content) ?? Math.max(this.next, this.modelSize);
    this.next = Math.max(this.next, id + 1);
    this.ids.set(flags.content, id);
    // Flags may change later, but what was special stays so.
    this.byId.set(id, { ...flags, id, special: flags.special || this.byId.get(id)?.special === true });
    checkCount('added tokens', this.byId.size, maxAddedTokens);
  }
}

/** A part of a text: an added token, or normalized text that the model has to cut further. */
export type Piece = { readonly id: number } | { readonly text: string; readonly atStart: boolean };

/** Rust's \s: Unicode White_Space, which has U+0085 and not U+FEFF. All of it lies in the basic plane. */
const whiteSpace = /\p{White_Space}/u;
/** Rust's \w, at the end and at the start of at most one character. */
const endsInWord = /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]$/u;
const startsInWord = /^[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u;

function touchesWord(text: string, start: number, end: number): boolean {
  return endsInWord.test(text.slice(Math.max(0, start - 2), start)) || startsInWord.test(text.slice(end, end + 2));
}

/** What follows a beginning of tokens, by its next UTF-16 unit, and the token that it is. */
interface Branch {
  readonly next: Map<number, Branch>;
  token?: AddedToken;
}

/** Finds the longest of some strings at the leftmost place. */
class TokenSearch {
  private readonly root: Branch = { next: new Map() };

  constructor(tokens: ReadonlyMap<string, AddedToken>) {
    for (const [content, token] of tokens) {
      let branch = this.root;
      for (let at = 0; at < content.length; at++) {
        const unit = content.charCodeAt(at);
        const known = branch.next.get(unit);
        if (known === undefined) branch.next.set(unit, (branch = { next: new Map() }));
        else branch = known;
      }
      if (content !== '') branch.token = token;
    }
  }

  /** The longest token that begins here, and where it ends. */
  private longest(text: string, start: number): { readonly token: AddedToken; readonly end: number } | null {
    let found: { token: AddedToken; end: number } | null = null;
    let branch: Branch | undefined = this.root.next.get(text.charCodeAt(start));
    for (let end = start + 1; branch !== undefined; end++) {
      if (branch.token) found = { token: branch.token, end };
      branch = end < text.length ? branch.next.get(text.charCodeAt(end)) : undefined;
    }
    return found;
  }

  /**
   * `find_matches`: tokens and the text between them. What is stripped may reach back over what was stripped before.
   */
  split(text: string): ({ readonly token: AddedToken } | { readonly start: number; readonly end: number })[] {
    const parts: ({ token: AddedToken } | { start: number; end: number })[] = [];
    let reached = 0;
    for (let at = 0; at < text.length;) {
      const found = this.longest(text, at);
      let start = at;
      at = found?.end ?? at + 1;
      if (found === null || (found.token.singleWord && touchesWord(text, start, at))) continue;
      const { token } = found;
      let end = at;
      while (token.lstrip && start > reached && whiteSpace.test(text.charAt(start - 1))) start--;
      while (token.rstrip && end < text.length && whiteSpace.test(text.charAt(end))) end++;
      if (reached < start) parts.push({ start: reached, end: start });
      parts.push({ token });
      reached = end;
    }
    if (reached < text.length) parts.push({ start: reached, end: text.length });
    return parts;
  }
}

export class AddedTokenSplitter {
  private readonly raw: TokenSearch;
  private readonly normalized: TokenSearch;

  constructor(
    tokens: readonly AddedToken[],
    private readonly normalize: (text: string) => string,
  ) {
    const keyed = (normalized: boolean) =>
      new Map(
        tokens
          .filter((token) => token.normalized === normalized)
          .map((token) => [normalized ? normalize(token.content) : token.content, token]),
      );
    this.raw = new TokenSearch(keyed(false));
    this.normalized = new TokenSearch(keyed(true));
  }

  /**
   * Cuts a text at the added tokens. Those that are not normalized come out of the text as it is, the others out of
   * what is left, normalized.
   */
  split(text: string): Piece[] {
    return this.raw.split(text).flatMap((part): Piece[] => {
      if ('token' in part) return [{ id: part.token.id }];
      const rest = this.normalize(text.slice(part.start, part.end));
      return this.normalized
        .split(rest)
        .map((inner) =>
          'token' in inner
            ? { id: inner.token.id }
            : { text: rest.slice(inner.start, inner.end), atStart: part.start === 0 && inner.start === 0 },
        );
    });
  }
}
