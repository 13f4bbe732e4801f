/** @file Help: the first hour in five steps, the words of the field, the keyboard shortcuts. */
import { Fragment, useState } from 'react';
import { X } from 'lucide-react';
import {
  Button,
  Dialog,
  Heading,
  Modal,
  ModalOverlay,
  Switch,
  Tab,
  TabList,
  TabPanel,
  Tabs,
} from 'react-aria-components';
import { preferences, usePreference } from '../../text/preferences';
import { findTerms } from '../../plain/shell/find-terms';
import { useText, type Text } from '../../text/text';
import { TextInput } from './fields';
import { addressOf } from './route';
import { pages, type ScreenDefinition } from './screens';

/** Each sequence of keys with what it does. */
function keysOf({ help, screens: titles }: Text['shell']): readonly (readonly [readonly string[], string])[] {
  return [
    ...pages.map(({ id, letter }) => [['g', letter], help.goTo(titles[id])] as const),
    [['?'], help.openThis],
    [['Ctrl + Enter'], help.generate],
    [['Ctrl + Z'], help.undo],
    [['Ctrl + Shift + Z'], help.redo],
    [['Tab'], help.tab],
    [['Esc'], help.escape],
  ];
}

function Shortcuts() {
  const { shell } = useText();
  const { help } = shell;
  const isOn = usePreference('shortcuts');
  return (
    <>
      <table className="numbers keys">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{help.keys}</th>
            <th scope="col">{help.what}</th>
          </tr>
        </thead>
        <tbody>
          {keysOf(shell).map(([sequence, what]) => (
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
    </>
  );
}

const tourScreens: readonly ScreenDefinition['id'][] = ['models', 'data', 'train', 'compare', 'train'];

function ScreenLink({ id, onLeave }: { readonly id: ScreenDefinition['id']; readonly onLeave: () => void }) {
  const { shell } = useText();
  return (
    <a href={addressOf(id)} onClick={onLeave}>
      {shell.help.tour.open(shell.screens[id])}
    </a>
  );
}

/** Steps that lead through the screens; a step's link closes the help. */
function Tour({ onLeave }: { readonly onLeave: () => void }) {
  const { shell } = useText();
  const { tour } = shell.help;
  return (
    <>
      <p className="quiet">{tour.lead}</p>
      <ol className="tour">
        {tour.steps.map(({ title, body }, index) => (
          <li key={title}>
            <span className="rail-number" aria-hidden="true">
              {index + 1}
            </span>
            <div>
              <h3>{title}</h3>
              <p>{body}</p>
              <ScreenLink id={tourScreens[index] ?? 'models'} onLeave={onLeave} />
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

function Words() {
  const { glossary } = useText();
  const [search, setSearch] = useState('');
  const terms = Object.values(glossary.terms);
  const found = findTerms(terms, search);
  return (
    <>
      <TextInput
        label={glossary.search}
        isLabelHidden
        placeholder={glossary.search}
        value={search}
        onChange={setSearch}
      />
      <p className="quiet" role="status">
        {found.length === 0 ? glossary.none : glossary.found(found.length, terms.length)}
      </p>
      {found.length > 0 && (
        <dl className="glossary">
          {found.map(({ name, meaning }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

export function HelpDialog({
  isOpen,
  onOpenChange,
}: {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}) {
  const { common, shell, glossary } = useText();
  const { help } = shell;
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="modal modal-help">
        <Dialog className="popover-body">
          <header className="modal-head">
            <Heading slot="title">{help.title}</Heading>
            <Button className="button button-icon" slot="close" aria-label={common.close}>
              <X aria-hidden="true" />
            </Button>
          </header>
          <Tabs className="tabs">
            <TabList className="tab-list" aria-label={help.title}>
              <Tab id="tour" className="tab">
                {help.tour.title}
              </Tab>
              <Tab id="words" className="tab">
                {glossary.title}
              </Tab>
              <Tab id="keys" className="tab">
                {help.shortcuts}
              </Tab>
            </TabList>
            <TabPanel id="tour" className="tab-panel">
              <Tour onLeave={() => onOpenChange(false)} />
            </TabPanel>
            <TabPanel id="words" className="tab-panel">
              <Words />
            </TabPanel>
            <TabPanel id="keys" className="tab-panel">
              <Shortcuts />
            </TabPanel>
          </Tabs>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
