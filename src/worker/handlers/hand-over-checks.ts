/** @file The calls about an adapter that is about to leave: canaries, and what it gives away. */
import { canariesName, checkServerName, makeCanaries } from '../../handover/canaries';
import { checkLeaks } from '../../handover/leak-check';
import checkServer from '../../handover/check_server.py?raw';
import type { Handlers } from '../bridge';
import type { EngineSession } from '../engine-session';
import { readAdapter } from '../files';

export function handOverCheckHandlers(session: EngineSession): Pick<Handlers, 'canaries' | 'leakCheck'> {
  return {
    canaries: ({ adapter, count, pairs }, { signal, report }) =>
      session.withModel(async (opened) => {
        const made = await makeCanaries(
          { opened, decoding: opened.decoding },
          {
            ...{ adapter: await readAdapter(adapter), count, pairs, signal },
            onProgress: (done, total) => report({ kind: 'canaries', done, total }),
          },
        );
        const texts = [
          { path: canariesName, text: made.text },
          { path: checkServerName, text: checkServer },
        ];
        return { texts, report: made.report };
      }),

    leakCheck: ({ adapter, pairs, answers }, { signal, report }) =>
      session.withModel(async (opened) =>
        checkLeaks(
          { opened, decoding: opened.decoding },
          {
            ...{ adapter: await readAdapter(adapter), pairs, answers, signal },
            onProgress: (done, total) => report({ kind: 'leakCheck', done, total }),
          },
        ),
      ),
  };
}
