/** @file Notices over the page. Those that go by themselves wait while they are pointed at or focused. */
import { useEffect, useState } from 'react';
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Notice } from '../../stores/notices';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

const secondsShown = 12;

function NoticeCard({ notice }: { readonly notice: Notice }) {
  const { dismiss, undo } = useStudio().notices.getState();
  const { common } = useText();
  const said = useSaid();
  const [isHeld, setHeld] = useState(false);
  const goesByItself = notice.tone === 'info' && !isHeld;
  useEffect(() => {
    if (!goesByItself) return;
    const timer = setTimeout(() => dismiss(notice.id), secondsShown * 1000);
    return () => clearTimeout(timer);
  }, [goesByItself, dismiss, notice.id]);
  return (
    <li
      className="notice"
      data-tone={notice.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span role={notice.tone === 'error' ? 'alert' : 'status'}>{said(notice.message)}</span>
      {notice.undo !== null && (
        <Button className="button button-small" onPress={() => undo(notice.id)}>
          {common.undo}
        </Button>
      )}
      <Button className="button button-icon" aria-label={common.dismiss} onPress={() => dismiss(notice.id)}>
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

export function Notices() {
  const { shell } = useText();
  const notices = useStudioState('notices', (state) => state.notices);
  return (
    <section className="notices" aria-label={shell.notifications}>
      <ul>
        {notices.map((notice) => (
          <NoticeCard key={notice.id} notice={notice} />
        ))}
      </ul>
    </section>
  );
}
