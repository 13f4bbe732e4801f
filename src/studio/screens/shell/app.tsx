/** @file The page: top bar, step rail and the screen that the address names; or the show of a demonstration alone. */
import { useEffect, useRef, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { findLacks, type Environment } from '../../browser/capabilities';
import { usePreference } from '../../text/preferences';
import { RoundBand } from '../rounds/round-band';
import { HandOverDialog } from '../hand-over/hand-over-dialog';
import { isShowAddress } from '../demonstration/start-show';
import { ShowScreen } from '../demonstration/show-screen';
import { useStudioState } from '../use-studio';
import { pages, screenAt } from './screens';
import { ComeBack } from './come-back';
import { DatabaseNote } from './database-note';
import { EngineDown } from './engine-down';
import { HelpDialog } from './help-dialog';
import { NewerBuild } from './newer-build';
import { ExportDialog } from './export-dialog';
import { Notices } from './notices';
import { focusAddressed, goTo, useHash } from './route';
import { belongsToFocus, createShortcutReader } from '../../plain/shell/shortcuts';
import { useLongWork } from './run-chip';
import { ScreenBoundary } from './screen-boundary';
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

/** @param isShow a show has keys of its own, and nobody leaves it by two letters */
function useShortcuts(openHelp: () => void, isShow: boolean): void {
  const isOn = usePreference('shortcuts') && !isShow;
  useEffect(() => {
    if (!isOn) return;
    const read = createShortcutReader();
    const act = (event: KeyboardEvent) => {
      if (event.defaultPrevented || belongsToFocus(event.target)) return;
      const shortcut = read(event);
      if (shortcut?.kind === 'help') openHelp();
      const screen = shortcut?.kind === 'go' ? pages.find(({ letter }) => letter === shortcut.letter) : undefined;
      if (screen !== undefined) goTo(screen.id);
      if (shortcut?.kind === 'help' || screen !== undefined) event.preventDefault();
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  }, [isOn, openHelp]);
}

interface FrameProps {
  readonly hash: string;
  readonly environment: Environment;
  readonly onHelp: () => void;
}

/** Top bar, step rail, and the screen that the address names. */
function Frame({ hash, environment, onHelp }: FrameProps) {
  const text = useText();
  const { id, Screen } = screenAt(hash);
  return (
    <>
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
      <TopBar onHelp={onHelp} />
      <div className="frame">
        <StepRail current={id} />
        <main id="work" tabIndex={-1} aria-label={text.shell.screens[id]}>
          <DatabaseNote />
          <EngineDown />
          <NewerBuild />
          <ComeBack />
          {findLacks(environment, text.shell.lacks).mild.map((lack) => (
            <p key={lack} className="note note-warning">
              {lack}
            </p>
          ))}
          <RoundBand />
          <ScreenBoundary key={id}>
            <Screen />
          </ScreenBoundary>
        </main>
      </div>
    </>
  );
}

export function App({ environment }: { readonly environment: Environment }) {
  const text = useText();
  const language = usePreference('language');
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [openHelp] = useState(() => () => setHelpOpen(true));
  const hash = useHash();
  const { id } = screenAt(hash);
  const isPrepared = useStudioState('demonstration', (state) => state.round !== null);
  const isShow = isPrepared && isShowAddress(hash);
  useFocusOnArrival(hash);
  useShortcuts(openHelp, isShow);
  useTabProgress(
    text.shell.documentTitle(isShow ? text.demonstration.title : text.shell.screens[id]),
    useLongWork()?.share ?? null,
  );

  return (
    <I18nProvider locale={language}>
      <ScreenBoundary key={isShow ? 'show' : 'frame'}>
        {isShow ? <ShowScreen /> : <Frame hash={hash} environment={environment} onHelp={openHelp} />}
      </ScreenBoundary>
      <Notices />
      <HandOverDialog />
      <ExportDialog />
      <HelpDialog isOpen={isHelpOpen} onOpenChange={setHelpOpen} />
    </I18nProvider>
  );
}
