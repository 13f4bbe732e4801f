/**
 * @file Keeps the fault of one screen from taking the page with it: what is wrong is said in its place, with ways on.
 */
import { House, RotateCw } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { describeFailure } from '../../text/failure';
import { useText } from '../../text/text';
import { FailureNote } from './failure-note';
import { goTo } from './route';

/** What stands where the screen would. */
function ScreenFault({ error, onAgain }: { readonly error: unknown; readonly onAgain: () => void }) {
  const { faults } = useText();
  return (
    <section className="section" data-testid="screen-fault">
      <h2>{faults.screen}</h2>
      <FailureNote failure={describeFailure(error)}>
        <p>{faults.screenWaysOn}</p>
        <div className="start-row">
          <Button className="button button-primary" onPress={onAgain}>
            <RotateCw aria-hidden="true" /> {faults.drawAgain}
          </Button>
          <Button className="button" onPress={() => (goTo('models'), onAgain())}>
            <House aria-hidden="true" /> {faults.toFirst}
          </Button>
        </div>
      </FailureNote>
    </section>
  );
}

interface Props {
  readonly children: ReactNode;
}

/** To be given the screen's name as its key, so that another screen begins without the fault. */
export class ScreenBoundary extends Component<Props, { readonly fault: { readonly error: unknown } | null }> {
  override readonly state = { fault: null as { readonly error: unknown } | null };

  static getDerivedStateFromError(error: unknown) {
    return { fault: { error } };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return <ScreenFault error={fault.error} onAgain={() => this.setState({ fault: null })} />;
  }
}
