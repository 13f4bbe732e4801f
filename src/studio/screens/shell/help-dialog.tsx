/** @file The keyboard shortcuts, and the switch that turns single keys off. */
import { Fragment } from 'react';
import { X } from 'lucide-react';
import { Button, Dialog, Heading, Modal, ModalOverlay, Switch } from 'react-aria-components';
import { preferences, usePreference } from '../../text/preferences';
import { screens } from './screens';
import { useText, type Text } from '../../text/text';

/** Each sequence of keys with what it does. */
function keysOf({ help, screens: titles }: Text['shell']): readonly (readonly [readonly string[], string])[] {
  return [
    ...screens.map(({ id, letter }) => [['g', letter], help.goTo(titles[id])] as const),
    [['?'], help.openThis],
    [['Ctrl + Enter'], help.generate],
    [['Ctrl + Z'], help.undo],
    [['Ctrl + Shift + Z'], help.redo],
    [['Tab'], help.tab],
    [['Esc'], help.escape],
  ];
}

export function HelpDialog({
  isOpen,
  onOpenChange,
}: {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  const { common, shell } = useText();
  const { help } = shell;
  const isOn = usePreference('shortcuts');
  const keys = keysOf(shell);
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="modal">
        <Dialog className="popover-body">
          <header className="modal-head">
            <Heading slot="title">{help.title}</Heading>
            <Button className="button button-icon" slot="close" aria-label={common.close}>
              <X aria-hidden="true" />
            </Button>
          </header>
          <table className="numbers keys">
            <thead className="visually-hidden">
              <tr>
                <th scope="col">{help.keys}</th>
                <th scope="col">{help.what}</th>
              </tr>
            </thead>
            <tbody>
              {keys.map(([sequence, what]) => (
                <tr key={what}>
                  <th scope="row">
                    {sequence.map((key, index) => (
                      <Fragment key={key}>
                        {index > 0 && <span className="quiet"> {help.then} </span>}
                        <kbd>{key}</kbd>
                      </Fragment>
                    ))}
                  </th>
                  <td>{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Switch className="switch" isSelected={isOn} onChange={(shortcuts) => preferences.setState({ shortcuts })}>
            <span className="switch-track" aria-hidden="true" />
            {help.isOn}
          </Switch>
          <p className="quiet">{help.note}</p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
