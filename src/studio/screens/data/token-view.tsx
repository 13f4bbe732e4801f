/**
 * @file The token microscope: one pair as the tensors that training sees, computed by the worker as training does it.
 */
import { useEffect, useState } from 'react';
import type { PairTensor, SeenToken } from '../../../run/reports';
import type { PreferencePair } from '../../../data/preference-pair';
import { FailureNote } from '../shell/failure-note';
import { Warnings } from '../shell/warnings';
import { describeFailure, type Failure } from '../../text/failure';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

type Part = 'prompt' | 'chosen' | 'rejected' | 'cut';

/** Makes spaces, tabs and line ends visible. */
const showBlanks = (text: string) => text.replaceAll(' ', '·').replaceAll('\n', '⏎').replaceAll('\t', '⇥');

/** Cuts tokens into groups that are shown as one: characters that are cut into several, all others by themselves. */
function groupTokens(tokens: readonly SeenToken[]): readonly (readonly SeenToken[])[] {
  const groups: (readonly SeenToken[])[] = [];
  for (let at = 0; at < tokens.length; at += groups.at(-1)?.length ?? 1)
    groups.push(tokens.slice(at, at + (tokens[at]?.joined?.tokens ?? 1)));
  return groups;
}

const bytesOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');

function Tokens({
  tokens,
  part,
  eosTokenId,
}: {
  readonly tokens: readonly SeenToken[];
  readonly part: Part;
  readonly eosTokenId: number | null;
}) {
  const { microscope: said } = useText();
  return groupTokens(tokens).map((group, index) => {
    const [{ id, text, isSpecial, joined }] = group as [SeenToken];
    return (
      <span
        key={index}
        className="token"
        data-part={part}
        data-special={isSpecial || undefined}
        data-eos={id === eosTokenId || undefined}
        data-joined={joined ? '' : undefined}
        title={joined && said.joined(joined.tokens, bytesOf(joined.text))}
      >
        <span>{showBlanks(joined?.text ?? text)}</span>
        <span className="token-id">{group.map((token) => token.id).join(' ')}</span>
      </span>
    );
  });
}

function TokenSequence({ tensor, side }: { readonly tensor: PairTensor; readonly side: 'chosen' | 'rejected' }) {
  const { common, microscope: text } = useText();
  const [kept, cut] = [tensor[side], tensor[`${side}Cut`]];
  const endsInEos = kept.some(({ id }) => id === tensor.eosTokenId);
  return (
    <section className="sequence" aria-label={common[side]}>
      <h3>{common[side]}</h3>
      <p className="quiet">{text.facts(tensor.prompt.length, kept.length, cut.length, endsInEos)}</p>
      <div className="tokens" tabIndex={0} role="region" aria-label={text.tokensOf(common[side])}>
        <Tokens tokens={tensor.prompt} part="prompt" eosTokenId={null} />
        <span className="token-boundary" title={text.boundary}>
          <span className="visually-hidden">{text.boundary}</span>
        </span>
        <Tokens tokens={kept} part={side} eosTokenId={tensor.eosTokenId} />
        {cut.length > 0 && (
          <span className="token-boundary" data-cut title={text.limit}>
            <span className="visually-hidden">{text.limit}</span>
          </span>
        )}
        <Tokens tokens={cut} part="cut" eosTokenId={null} />
      </div>
    </section>
  );
}

/** Shows which colour stands for which part of the pair, and which parts the loss counts. */
function TokenKey() {
  const { common, microscope: text } = useText();
  return (
    <p className="token-key quiet">
      <span className="token" data-part="prompt">
        {common.prompt}
      </span>{' '}
      {text.mask(0)}
      <span className="token" data-part="chosen">
        {common.chosen}
      </span>
      <span className="token" data-part="rejected">
        {common.rejected}
      </span>{' '}
      {text.mask(1)}
      <span className="token" data-part="cut">
        {text.cut}
      </span>{' '}
      {text.notSeen}
      <span className="token" data-eos>
        {text.end}
      </span>{' '}
      {text.endMeaning}
    </p>
  );
}

function TensorView({ tensor }: { readonly tensor: PairTensor }) {
  const { microscope: text } = useText();
  const said = useSaid();
  return (
    <>
      {tensor.problem !== null && (
        <p className="note note-error" role="alert">
          {said(tensor.problem)}
        </p>
      )}
      <Warnings warnings={tensor.warnings} label={text.warnings} />
      <TokenKey />
      <TokenSequence tensor={tensor} side="chosen" />
      <TokenSequence tensor={tensor} side="rejected" />
    </>
  );
}

type Inspection = { readonly pair: PreferencePair } & ({ readonly tensor: PairTensor } | { readonly failure: Failure });

/** The pair as the worker encodes it, or why it could not; null until it has answered. */
function useInspection(pair: PreferencePair, maxLength: number | null): Inspection | null {
  const { dataset } = useStudio();
  const [seen, setSeen] = useState<Inspection | null>(null);
  useEffect(() => {
    if (maxLength === null) return undefined;
    let isCurrent = true;
    dataset
      .getState()
      .inspect(pair, maxLength)
      .then(
        (tensor) => isCurrent && setSeen({ pair, tensor }),
        (error: unknown) => isCurrent && setSeen({ pair, failure: describeFailure(error) }),
      );
    return () => {
      isCurrent = false;
    };
  }, [dataset, pair, maxLength]);
  return seen?.pair === pair ? seen : null;
}

export function TokenView({ pair }: { readonly pair: PreferencePair }) {
  const { microscope: text } = useText();
  const maxLength = useStudioState('dataset', (state) => state.check?.maxLength ?? null);
  const seen = useInspection(pair, maxLength);
  if (seen === null) return <p role="status">{maxLength === null ? text.waits : text.reading}</p>;
  return 'failure' in seen ? <FailureNote failure={seen.failure} /> : <TensorView tensor={seen.tensor} />;
}
