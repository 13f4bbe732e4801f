/** @file The buttons that begin a show: of what was prepared, and of the starter's result. */
import { Presentation } from 'lucide-react';
import { Button } from 'react-aria-components';
import { isStarterModel } from '../../plain/starter/recipe';
import { useText } from '../../text/text';
import { ConfirmButton } from '../shell/confirm-button';
import { useStudio, useStudioState } from '../use-studio';
import { showStarter, startShow } from './start-show';

export function ShowButton({ isBegun }: { readonly isBegun: boolean }) {
  const { demonstration: text } = useText();
  return (
    <Button className="button button-primary button-large" onPress={startShow}>
      <Presentation aria-hidden="true" /> {isBegun ? text.goOnShow : text.show}
    </Button>
  );
}

/** Shows the starter's result to others; asks first where it would take the place of something of the person's own. */
export function ShowStarterButton() {
  const studio = useStudio();
  const { demonstration: text } = useText();
  const round = useStudioState('demonstration', (state) => state.round);
  const isPreparing = useStudioState('demonstration', (state) => state.answering !== null);
  const isOwn = round !== null && (!isStarterModel(round.modelName) || round.judgements.length > 0);
  const content = (
    <>
      <Presentation aria-hidden="true" /> {text.show}
    </>
  );
  if (!isOwn)
    return (
      <Button className="button button-primary" isDisabled={isPreparing} onPress={() => void showStarter(studio)}>
        {content}
      </Button>
    );
  return (
    <ConfirmButton
      className="button button-primary"
      isDisabled={isPreparing}
      title={text.replaceTitle}
      body={text.replaceBody(round.script.length)}
      confirm={text.replace}
      cancel={text.keepIt}
      onConfirm={() => void showStarter(studio)}
    >
      {content}
    </ConfirmButton>
  );
}
