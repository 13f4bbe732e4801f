/** @file The frame of a dialog about one pair: its title, the way to the pair before and after, and closing. */
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../../text/text';
import { Stepper } from './stepper';

export interface PairModalProps {
  readonly title: string;
  readonly testId: string;
  readonly className: string;
  /** Steps among the pairs as the table shows them; null at an end. */
  readonly previous?: (() => void) | null;
  readonly next?: (() => void) | null;
  /** "3 of 24"; absent where there are no others to step to. */
  readonly place?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function PairModal({ title, testId, className, previous, next, place, onClose, children }: PairModalProps) {
  const { common, quality: text } = useText();
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || onClose()} isDismissable>
      <Modal className={`modal ${className}`}>
        <Dialog className="popover-body" data-testid={testId}>
          <header className="modal-head">
            <Heading slot="title">{title}</Heading>
            <div className="modal-steps">
              {place !== undefined && (
                <Stepper
                  place={place}
                  names={{ previous: text.previousPair, next: text.nextPair }}
                  previous={previous ?? null}
                  next={next ?? null}
                />
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
