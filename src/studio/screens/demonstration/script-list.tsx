/** @file The script of a demonstration: its prompts in their order, which can be changed before anybody has voted. */
import { ArrowUp, Check, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Demonstration } from '../../../storage/demonstration-record';
import { textOfPrompt } from '../../plain/data/prompt-text';
import { canEdit, canMoveUp } from '../../plain/demonstration/edit-script';
import { useText } from '../../text/text';
import { useStudio, useStudioState } from '../use-studio';

interface ScriptItemProps {
  readonly demonstration: Demonstration;
  readonly at: number;
  readonly isLocked: boolean;
}

function ScriptItem({ demonstration, at, isLocked }: ScriptItemProps) {
  const store = useStudio().demonstration;
  const {
    common,
    demonstration: { script: text },
  } = useText();
  const prompt = textOfPrompt(demonstration.script[at]?.prompt ?? '', common.roles);
  const isReady = at < demonstration.answered.length;
  return (
    <li>
      <span className="script-prompt">{prompt}</span>
      <span className={isReady ? 'good' : 'quiet'}>
        {isReady && <Check aria-hidden="true" />}
        {isReady ? text.isReady : text.isWaiting}
      </span>
      <Button
        className="button button-icon"
        aria-label={text.moveUp(prompt)}
        isDisabled={isLocked || !canMoveUp(demonstration, at)}
        onPress={() => void store.getState().moveUp(at)}
      >
        <ArrowUp aria-hidden="true" />
      </Button>
      <Button
        className="button button-icon"
        aria-label={text.leaveOut(prompt)}
        isDisabled={isLocked || demonstration.script.length < 2}
        onPress={() => void store.getState().leaveOut(at)}
      >
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

export function ScriptList({ demonstration }: { readonly demonstration: Demonstration }) {
  const { script: text } = useText().demonstration;
  const isPreparing = useStudioState('demonstration', (state) => state.answering !== null);
  const isOpen = canEdit(demonstration);
  return (
    <div className="script">
      <h3 id="script-title">{text.title}</h3>
      <div className="script-scroll" role="region" aria-labelledby="script-title" tabIndex={0}>
        <ol data-testid="script">
          {demonstration.script.map((_, at) => (
            <ScriptItem key={at} demonstration={demonstration} at={at} isLocked={!isOpen || isPreparing} />
          ))}
        </ol>
      </div>
      {!isOpen && <p className="quiet">{text.locked}</p>}
    </div>
  );
}
