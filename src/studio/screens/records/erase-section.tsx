/** @file "Erase everything": what would go, counted, and two questions before it goes. */
import { useEffect, useState } from 'react';
import { Trash2 } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { countKept, type Kept } from '../../../storage/erase';
import { beginErasing, erasingMark } from '../../browser/erasing';
import { countTabs } from '../../browser/tabs';
import { useText } from '../../text/text';
import { KeptList } from '../shell/kept-list';
import { Section } from '../shell/section';
import { useStudio, useStudioState } from '../use-studio';

/** Null until it was counted. */
function useKept(): { readonly kept: Kept; readonly otherTabs: number } | null {
  const { notices } = useStudio();
  const [counted, setCounted] = useState<{ kept: Kept; otherTabs: number } | null>(null);
  useEffect(() => {
    Promise.all([countKept(erasingMark), countTabs()]).then(
      ([kept, tabs]) => setCounted({ kept, otherTabs: Math.max(0, tabs - 1) }),
      (error: unknown) => notices.getState().tellFailure(error),
    );
  }, [notices]);
  return counted;
}

function WhatGoes() {
  const { erase: text } = useText();
  const counted = useKept();
  const isTraining = useStudioState('training', (state) => state.active !== null);
  return (
    <>
      <p>{text.address(location.origin)}</p>
      {counted !== null && <KeptList kept={counted.kept} />}
      {counted !== null && counted.otherTabs > 0 && (
        <p className="note note-warning">{text.withTabs(counted.otherTabs)}</p>
      )}
      {isTraining && <p className="note note-warning">{text.running}</p>}
      <p>{text.before}</p>
    </>
  );
}

function Questions({ close }: { readonly close: () => void }) {
  const { common, erase: text } = useText();
  const [isSecond, setSecond] = useState(false);
  return (
    <>
      <Heading slot="title">{isSecond ? text.second : text.first}</Heading>
      {isSecond ? <p>{text.noWayBack}</p> : <WhatGoes />}
      <div className="dialog-actions">
        {isSecond ? (
          <Button key="now" className="button button-stop" onPress={beginErasing}>
            {text.now}
          </Button>
        ) : (
          <Button key="on" className="button" onPress={() => setSecond(true)}>
            {text.goOn}
          </Button>
        )}
        <Button key={isSecond ? 'second' : 'first'} className="button" autoFocus onPress={close}>
          {common.cancel}
        </Button>
      </div>
    </>
  );
}

export function EraseSection() {
  const { erase: text } = useText();
  return (
    <Section id="erase" title={text.title} lead={text.lead}>
      <div className="start-row">
        <DialogTrigger>
          <Button className="button button-stop">
            <Trash2 aria-hidden="true" /> {text.open}
          </Button>
          <ModalOverlay className="modal-overlay">
            <Modal className="modal">
              <Dialog className="popover-body" role="alertdialog">
                {({ close }) => <Questions close={close} />}
              </Dialog>
            </Modal>
          </ModalOverlay>
        </DialogTrigger>
      </div>
    </Section>
  );
}
