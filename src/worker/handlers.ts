/** @file What the worker does for each request: the calls of handlers/, all on one session. */
import type { Message } from '../messages/message';
import type { DeviceSurroundings } from '../runtime/device';
import type { Handlers } from './bridge';
import { EngineSession } from './engine-session';
import { adapterHandlers } from './handlers/adapters';
import { answerHandlers } from './handlers/answers';
import { handOverHandlers } from './handlers/hand-over';
import { handOverCheckHandlers } from './handlers/hand-over-checks';
import { labelHandlers } from './handlers/labels';
import { modelHandlers } from './handlers/model';
import { pairHandlers, trainingHandlers } from './handlers/training';

/** @param onLost called when the device is gone for good */
export function createHandlers(surroundings: DeviceSurroundings, onLost: (why: Message) => void): Handlers {
  const session = new EngineSession(surroundings, onLost);
  return {
    ...modelHandlers(session),
    ...adapterHandlers(session),
    ...pairHandlers(session),
    ...trainingHandlers(session),
    ...labelHandlers(session),
    ...answerHandlers(session),
    ...handOverHandlers(session),
    ...handOverCheckHandlers(session),
  };
}
