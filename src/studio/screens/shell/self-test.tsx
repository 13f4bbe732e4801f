/** @file The self-test of the seal, in the device panel: each way out, and whether the browser stopped it. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { channels, tryChannels, type Channel, type Outcome } from '../../browser/try-channels';
import { useText } from '../../text/text';

export function SelfTest() {
  const text = useText().shell.selfTest;
  const [isRunning, setRunning] = useState(false);
  const [outcomes, setOutcomes] = useState<Readonly<Record<Channel, Outcome>> | null>(null);
  async function run(): Promise<void> {
    setRunning(true);
    setOutcomes(await tryChannels());
    setRunning(false);
  }
  return (
    <section className="panel-part" aria-label={text.title} data-testid="self-test">
      <p className="quiet">{text.lead}</p>
      <Button className="button button-small" isDisabled={isRunning} onPress={() => void run()}>
        {isRunning ? text.running : text.run}
      </Button>
      <div role="status">
        {outcomes !== null && (
          <dl className="sums">
            {channels.map((channel) => (
              <div key={channel}>
                <dt>{text.channels[channel]}</dt>
                <dd className={outcomes[channel] === 'open' ? 'obstacle' : ''}>{text.outcomes[outcomes[channel]]}</dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}
