/** @file The page: top bar, step rail and the screen that the address names. */
import { useEffect, useRef, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { findLacks, type Environment } from '../../browser/capabilities';
import { usePreference } from '../../text/preferences';
import { screenAt, screens } from './screens';
import { ComeBack } from './come-back';
import { EngineDown } from './engine-down';
import { HelpDialog } from './help-dialog';
import { Notices } from './notices';
import { focusAddressed, goTo, useHash } from './route';
import { belongsToFocus, createShortcutReader } from '../../plain/shell/shortcuts';
import { useLongWork } from './run-chip';
import { StepRail } from './step-rail';
import { TopBar } from './top-bar';
import { useTabProgress } from './use-tab-progress';
import { useText } from '../../text/text';

/** Moves the focus to the screen that was gone to; after a reload it stays where the browser put it. */
function useFocusOnArrival(hash: string): void {
  const arrivedAt = useRef(hash);
  useEffect(() => {
    if (arrivedAt.current !== hash) focusAddressed();
    arrivedAt.current = hash;
  }, [hash]);
}

function useShortcuts(openHelp: () => void): void {
  const isOn = usePreference('shortcuts');
  useEffect(() => {
    if (!isOn) return;
    const read = createShortcutReader();
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented || belongsToFocus(event.target)) return;
      const shortcut = read(event);
      if (shortcut?.kind === 'help') openHelp();
      const screen = shortcut?.kind === 'go' ? screens.find(({ letter }) => letter === shortcut.letter) : undefined;
      if (screen !== undefined) goTo(screen.id);
      if (shortcut?.kind === 'help' || screen !== undefined) event.preventDefault();
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  }, [isOn, openHelp]);
}

export function App({ environment }: { readonly environment: Environment }) {
  const text = useText();
  const language = usePreference('language');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [openHelp] = useState(() => () => setHelpOpen(true));
  const hash = useHash();
  const { id, Screen } = screenAt(hash);
  useFocusOnArrival(hash);
  useShortcuts(openHelp);
  useTabProgress(text.shell.documentTitle(text.shell.screens[id]), useLongWork()?.share ?? null);

  return (
    <I18nProvider locale={language}>
      <a
        className="skip-link"
        href="#work"
        onClick={(event) => {
          // The address names the screen; it must not change.
          event.preventDefault();
          document.querySelector<HTMLElement>('main')?.focus();
        }}
      >
        {text.shell.skip}
      </a>
      <TopBar onHelp={openHelp} />
      <div className="frame">
        <StepRail current={id} />
        <main id="work" tabIndex={-1} aria-label={text.shell.screens[id]}>
          <EngineDown />
          <ComeBack />
          {findLacks(environment, text.shell.lacks).mild.map((lack) => (
            <p key={lack} className="note note-warning">
              {lack}
            </p>
          ))}
          <Screen key={id} />
        </main>
      </div>
      <Notices />
      <HelpDialog isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
    </I18nProvider>
  );
}
