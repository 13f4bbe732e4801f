/** @file A button that asks before it does something; the answer that changes nothing has the focus. */
import type { ReactNode } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';

export interface ConfirmButtonProps {
  readonly className: string;
  /** Read in place of `children` by screen readers. */
  readonly label?: string;
  readonly isDisabled: boolean;
  /** The question. */
  readonly title: string;
  /** What it means. */
  readonly body: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

export function ConfirmButton(props: ConfirmButtonProps) {
  const { className, label, isDisabled, title, body, confirm, cancel, onConfirm, children } = props;
  return (
    <DialogTrigger>
      <Button className={className} isDisabled={isDisabled} {...(label !== undefined && { 'aria-label': label })}>
        {children}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body" role="alertdialog">
          {({ close }) => (
            <>
              <Heading slot="title">{title}</Heading>
              <p>{body}</p>
              <div className="start-row">
                <Button className="button button-stop" onPress={() => (close(), onConfirm())}>
                  {confirm}
                </Button>
                <Button className="button" autoFocus onPress={close}>
                  {cancel}
                </Button>
              </div>
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
