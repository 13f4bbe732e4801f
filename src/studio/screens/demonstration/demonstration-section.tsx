/** @file The demonstration on the Compare screen: its form, or what is prepared, and the button that shows it. */
import { Sparkles } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Demonstration } from '../../../storage/demonstration-record';
import { useText } from '../../text/text';
import { RoundAnswering, RoundSection } from '../judge/answering';
import { useStudio, useStudioState } from '../use-studio';
import { DemonstrationFields } from './demonstration-fields';
import { ScriptList } from './script-list';
import { ShowButton } from './show-buttons';
import { useCannotCompute, useMissing, useNameOf } from './use-demonstration';

/** How far the answers are; nothing where all prompts have theirs. */
export function Preparing({ demonstration }: { readonly demonstration: Demonstration }) {
  const { demonstration: text } = useText();
  const missing = demonstration.script.length - demonstration.answered.length;
  return (
    <RoundAnswering
      of="demonstration"
      missing={missing === 0 ? null : text.missing(missing)}
      stopLabel={text.stop}
      goOnLabel={text.goOn}
      needsModel={text.needsModel(demonstration.modelName)}
      data-testid="demonstration-preparing"
    />
  );
}

/** Offers rewards and colours for answers that were kept as text alone. */
function Unscored({ demonstration }: { readonly demonstration: Demonstration }) {
  const store = useStudio().demonstration;
  const { demonstration: text } = useText();
  const cannot = useCannotCompute();
  const isWhole = demonstration.answered.flat().every(({ scored }) => scored !== null);
  if (isWhole || demonstration.columns.every(({ runId }) => runId === null)) return null;
  return (
    <div className="start-row">
      <p className="quiet">{text.unscored}</p>
      <Button
        className="button"
        isDisabled={cannot !== null || demonstration.judgements.length > 0}
        onPress={() => void store.getState().prepareAgain()}
      >
        <Sparkles aria-hidden="true" /> {text.prepareAgain}
      </Button>
    </div>
  );
}

function Prepared({ demonstration }: { readonly demonstration: Demonstration }) {
  const store = useStudio().demonstration;
  const { demonstration: text } = useText();
  const missing = useMissing();
  const nameOf = useNameOf();
  const votes = demonstration.judgements.filter(({ column }) => column !== null).length;
  return (
    <>
      <p className="quiet">
        {text.ready(demonstration.answered.length, demonstration.modelName)}{' '}
        {text.answeredBy(demonstration.columns.map(nameOf))}
      </p>
      <Preparing demonstration={demonstration} />
      <Unscored demonstration={demonstration} />
      {missing !== null && <p className="quiet">{missing}</p>}
      {demonstration.answered.length > 0 && (
        <div className="start-row">
          <ShowButton isBegun={demonstration.judgements.length > 0} />
          {demonstration.judgements.length > 0 && (
            <>
              <p className="quiet">{text.votes(votes)}</p>
              <Button className="button" onPress={() => void store.getState().restart()}>
                {text.restart}
              </Button>
            </>
          )}
        </div>
      )}
      <ScriptList demonstration={demonstration} />
    </>
  );
}

export function DemonstrationSection() {
  const { demonstration: text } = useText();
  const round = useStudioState('demonstration', (state) => state.round);
  return (
    <RoundSection of="demonstration" id="demonstration" text={text}>
      {round === null ? <DemonstrationFields /> : <Prepared demonstration={round} />}
    </RoundSection>
  );
}
