/** @file How far a backup or its restoring is, with a way to end it. */
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';
import { ProgressView } from '../shell/progress-view';
import { useStudio, useStudioState } from '../use-studio';
import type { Doing } from '../../stores/backup';

const inBytes: readonly Doing['kind'][] = ['models', 'checking'];

/** Nothing unless what goes on is one of these. */
export function DoingView({ kinds }: { readonly kinds: readonly Doing['kind'][] }) {
  const { backup } = useStudio();
  const { common, records } = useText();
  const doing = useStudioState('backup', (state) => state.doing);
  if (doing === null || !kinds.includes(doing.kind)) return null;
  const { kind, done, total } = doing;
  const amount = inBytes.includes(kind) ? records.doing.bytes(done, total) : records.doing.of(done, total);
  return (
    <div className="records-doing">
      <ProgressView label={records.doing[kind]} done={done} total={total} {...(total > 0 && { valueText: amount })} />
      <Button className="button" onPress={() => backup.getState().cancel()}>
        {common.cancel}
      </Button>
    </div>
  );
}
