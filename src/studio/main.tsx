/** @file The page's entry: looks at the browser, opens the studio and renders it. */
import './trusted-types';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/sections.css';
import './styles/charts.css';
import './styles/starter.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { parsePairs } from '../data/parse-pairs';
import { openIndexedDb } from '../storage/indexed-db';
import { readSpace, requestPersistence } from '../storage/space';
import { createStudioStorage } from '../storage/studio-storage';
import type { RunConfig, StepMetrics } from '../worker/protocol';
import { App } from './app';
import { browserEnvironment, findLacks } from './capabilities';
import { createWorkerEngine, startEngineWorker } from './engine-client';
import { keepStrayDropsOut, warnBeforeLeaving } from './leaving';
import { isRunning, markRunning } from './run-locks';
import { Unsupported } from './shell/unsupported';
import { createStarterFetch } from './starter/manifest';
import { openStudio, StudioContext } from './studio';

const container = document.querySelector('#studio');
if (container === null) throw new Error('index.html has no #studio.');
const root = createRoot(container);
const lacks = findLacks(browserEnvironment());

if (lacks.fatal.length > 0) {
  root.render(<Unsupported lacks={lacks.fatal} />);
} else {
  const studio = await openStudio({
    engine: createWorkerEngine(startEngineWorker),
    storage: createStudioStorage<Partial<RunConfig>, StepMetrics>(openIndexedDb()),
    space: { readSpace, requestPersistence },
    parsePairs,
    isRunning,
    markRunning,
    fetchStarterFile: createStarterFetch(document.baseURI),
  });
  keepStrayDropsOut();
  warnBeforeLeaving(() => studio.training.getState().active !== null || studio.starter.getState().progress !== null);
  root.render(
    <StrictMode>
      <StudioContext value={studio}>
        <App lacks={lacks.mild} />
      </StudioContext>
    </StrictMode>,
  );
}
