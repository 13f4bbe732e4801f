/** @file The foot of a show: buttons for who has no keyboard at hand, and every key in a small line. */
import { ArrowLeft, ArrowRight, Highlighter, Maximize, Radio, Undo2, X } from 'lucide-react';
import { Button, ToggleButton } from 'react-aria-components';
import type { Phase } from '../../plain/demonstration/show';
import { showKeys, type ShowAction } from '../../plain/demonstration/show-keys';
import { usePreference } from '../../text/preferences';
import { useText } from '../../text/text';
import { useCannotCompute } from './use-demonstration';

export interface ShowControlsProps {
  readonly phase: Phase;
  readonly columns: number;
  /** What comes next is the result. */
  readonly isLast: boolean;
  readonly isFirst: boolean;
  readonly canUndo: boolean;
  readonly showsChanges: boolean;
  readonly act: (action: ShowAction) => void;
}

function KeyLine({ columns }: Pick<ShowControlsProps, 'columns'>) {
  const { stage: text } = useText().demonstration;
  const areSingleKeysOn = usePreference('shortcuts');
  const keys: readonly (readonly [keyof typeof text.keys, string])[] = [
    ['vote', `1–${columns}`],
    ['undo', showKeys.undo],
    ['back', '←'],
    ['forward', '→'],
    ['changes', showKeys.changes],
    ['live', showKeys.live],
    ['fullScreen', showKeys.fullScreen],
    ['leave', showKeys.leave],
  ];
  return (
    <>
      <ul className="show-keys" aria-label={text.keysLabel} data-testid="show-keys">
        {keys.map(([what, key]) => (
          <li key={what}>
            <kbd>{key}</kbd> {text.keys[what]}
          </li>
        ))}
      </ul>
      {!areSingleKeysOn && <p className="quiet">{text.keysOff}</p>}
    </>
  );
}

function Tools({ phase, canUndo, showsChanges, act }: ShowControlsProps) {
  const { stage: text } = useText().demonstration;
  const cannot = useCannotCompute();
  const isPrompt = phase === 'voting' || phase === 'revealed';
  return (
    <>
      {phase === 'voting' && (
        <Button className="button" isDisabled={!canUndo} onPress={() => act('undo')}>
          <Undo2 aria-hidden="true" /> {text.undo}
        </Button>
      )}
      {phase === 'revealed' && (
        <ToggleButton className="button" isSelected={showsChanges} onChange={() => act('changes')}>
          <Highlighter aria-hidden="true" /> {text.changes}
        </ToggleButton>
      )}
      {isPrompt && (
        <Button className="button" isDisabled={cannot !== null} onPress={() => act('live')}>
          <Radio aria-hidden="true" /> {text.live}
        </Button>
      )}
    </>
  );
}

export function ShowControls(props: ShowControlsProps) {
  const { phase, columns, isLast, isFirst, act } = props;
  const { stage: text } = useText().demonstration;
  const next = phase === 'voting' ? text.reveal : isLast ? text.toResult : text.next;
  return (
    <footer className="show-foot">
      <div className="show-buttons">
        <Button className="button" isDisabled={isFirst} onPress={() => act('back')}>
          <ArrowLeft aria-hidden="true" /> {text.back}
        </Button>
        {phase !== 'result' && (
          <Button className="button button-primary" onPress={() => act('forward')}>
            {next} <ArrowRight aria-hidden="true" />
          </Button>
        )}
        <Tools {...props} />
        <span className="show-space" />
        <Button className="button" onPress={() => act('fullScreen')}>
          <Maximize aria-hidden="true" /> {text.fullScreen}
        </Button>
        <Button className="button" onPress={() => act('leave')}>
          <X aria-hidden="true" /> {text.leave}
        </Button>
      </div>
      <KeyLine columns={columns} />
    </footer>
  );
}
