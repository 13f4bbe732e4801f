/** @file The frame of a dialog about one pair: its title, the way to the pair before and after, and closing. */
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Tooltip, TooltipTrigger } from 'react-aria-components';
import { useText } from '../../text/text';

export interface PairModalProps {
  readonly title: string;
  readonly testId: string;
  readonly className: string;
  /** Steps among the pairs as the table shows them; null at an end, absent where there are no others. */
  readonly previous?: (() => void) | null;
  readonly next?: (() => void) | null;
  /** "3 of 24". */
  readonly place?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function PairModal({ title, testId, className, previous, next, place, onClose, children }: PairModalProps) {
  const { common, quality: text } = useText();
  const steps = [
    { name: text.previousPair, Icon: ChevronLeft, go: previous },
    { name: text.nextPair, Icon: ChevronRight, go: next },
  ];
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || onClose()} isDismissable>
      <Modal className={`modal ${className}`}>
        <Dialog className="popover-body" data-testid={testId}>
          <header className="modal-head">
            <Heading slot="title">{title}</Heading>
            <div className="modal-steps">
              {place !== undefined && <span className="quiet">{place}</span>}
              {steps.map(
                ({ name, Icon, go }) =>
                  go !== undefined && (
                    <TooltipTrigger key={name} delay={400}>
                      <Button
                        className="button button-icon"
                        aria-label={name}
                        isDisabled={go === null}
                        onPress={() => go?.()}
                      >
                        <Icon aria-hidden="true" />
                      </Button>
                      <Tooltip className="tooltip">{name}</Tooltip>
                    </TooltipTrigger>
                  ),
              )}
              <Button className="button button-icon" aria-label={common.close} onPress={onClose}>
                <X aria-hidden="true" />
              </Button>
            </div>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
