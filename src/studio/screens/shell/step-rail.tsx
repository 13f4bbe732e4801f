/** @file The screens in the order of the work, and how far each has come. */
import { screens, type ScreenDefinition } from './screens';
import { useStudioStates } from '../use-studio';
import { useText } from '../../text/text';
import { addressOf } from './route';

export function StepRail({ current }: { readonly current: ScreenDefinition['id'] }) {
  const text = useText();
  const states = useStudioStates();
  return (
    <nav className="rail" aria-label={text.shell.rail}>
      <ol>
        {screens.map(({ id, readStatus }, index) => {
          const { words, isDone, isBusy } = readStatus(states, text);
          return (
            <li key={id} data-done={isDone || undefined} data-busy={isBusy || undefined}>
              <a href={addressOf(id)} aria-current={id === current ? 'page' : undefined}>
                <span className="rail-number" aria-hidden="true">
                  {index + 1}
                </span>
                <span className="rail-title">{text.shell.screens[id]}</span>
                <span className="rail-state">{words}</span>
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
