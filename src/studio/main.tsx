/** @file The page's entry: looks at the browser, opens the studio and renders it. */
import './browser/trusted-types';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/sections.css';
import './styles/data.css';
import './styles/rules.css';
import './styles/labels.css';
import './styles/import.css';
import './styles/pairs.css';
import './styles/charts.css';
import './styles/models.css';
import './styles/judge.css';
import './styles/compare.css';
import './styles/starter.css';
import './styles/demonstration.css';
import './styles/records.css';
import './styles/hand-over.css';
import './styles/rounds.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openIndexedDb } from '../storage/indexed-db';
import { copyInWorker } from '../storage/models/copier';
import { openModelsFolder } from '../storage/models/folder';
import { createModelStore } from '../storage/models/model-store';
import { createServerList } from '../storage/models/server-models';
import { readSpace, requestPersistence } from '../storage/space';
import { App } from './screens/shell/app';
import { noBuilds, openBuilds } from './browser/builds';
import { browserEnvironment, findLacks } from './browser/capabilities';
import { WorkerEngine, startEngineWorker } from './browser/engine-client';
import { keepStrayDropsOut, warnBeforeLeaving } from './browser/leaving';
import { openKeptDatabase } from './browser/kept-database';
import { hearPageFaults } from './browser/page-faults';
import { applyPreferences } from './text/preferences';
import { isRunning, markRunning, whenEnded } from './browser/run-locks';
import { letGoWhenErasing, takeErasingPart } from './browser/erasing';
import { ErasingPage, LetGoPage } from './screens/shell/erasing-page';
import { ForeignWorker } from './screens/shell/foreign-worker';
import { goTo } from './screens/shell/route';
import { Unsupported } from './screens/shell/unsupported';
import { createStorage } from './plain/records';
import { createStarterFetch } from './plain/starter/manifest';
import { createDatabaseStore } from './stores/database';
import { createErasing } from './stores/erasing';
import { openStudio } from './stores/studio';
import { writeAllAnew } from './stores/write-anew';
import { noticeOutside } from './browser/notification';
import { removeForeignWorkers } from './browser/service-workers';
import { fetchOffice } from './browser/office-file';
import { createAuditLog } from '../storage/audit/audit-log';
import { createSigningKeys } from '../storage/signing-keys';
import { auditAnchor } from './browser/audit-anchor';
import { createTableReader, startTableWorker } from './browser/table-reader';
import { openTabNews } from './browser/tab-news';
import { currentText } from './text/text';
import { watchEnds } from './stores/watch-ends';
import { watchTraffic } from './stores/watch-traffic';
import { StudioContext } from './screens/use-studio';

const measureEveryMs = 2000;
/** Apart from what it records. */
const auditDatabase = 'airlock-audit';
const keysDatabase = 'airlock-keys';

const container = document.querySelector('#studio');
if (container === null) throw new Error('index.html has no #studio.');
const root = createRoot(container);
const environment = browserEnvironment();
applyPreferences(document.documentElement);
const news = openTabNews();
const erasingPart = takeErasingPart();
const foreign = await removeForeignWorkers(document.baseURI);

if (findLacks(environment, currentText().shell.lacks).fatal.length > 0) {
  root.render(<Unsupported environment={environment} />);
} else if (foreign.controlling !== null) {
  root.render(<ForeignWorker script={foreign.controlling} />);
} else if (erasingPart === 'erases') {
  const erasing = createErasing(news);
  void erasing.run();
  root.render(<ErasingPage erasing={erasing} />);
} else if (erasingPart === 'letsGo') {
  root.render(<LetGoPage />);
} else {
  letGoWhenErasing(news);
  let writeAnew = (): void => {};
  const kept = openKeptDatabase({
    onFault: (fault) => database.getState().hearFault(fault),
    onLoss: (loss) => database.getState().hearLoss(loss),
    onCleared: () => writeAnew(),
  });
  const database = createDatabaseStore(kept);
  const studio = await openStudio({
    engine: new WorkerEngine(startEngineWorker, { locks: navigator.locks }),
    storage: createStorage(kept.db),
    database,
    readTable: createTableReader(startTableWorker),
    space: { readSpace, requestPersistence },
    storedModels: createModelStore({ openFolder: openModelsFolder, copy: copyInWorker, locks: navigator.locks }),
    fetchServerModels: createServerList(document.baseURI),
    base: document.baseURI,
    isRunning,
    markRunning,
    whenEnded,
    news,
    auditLog: createAuditLog(openIndexedDb(auditDatabase), auditAnchor),
    signingKeys: createSigningKeys(openIndexedDb(keysDatabase)),
    office: await fetchOffice(document.baseURI),
    fetchStarterFile: createStarterFetch(document.baseURI),
    builds: import.meta.env.PROD ? openBuilds(document.baseURI) : noBuilds,
    reload: () => location.reload(),
  });
  hearPageFaults((error) => studio.notices.getState().tellFailure(error));
  void studio.build.getState().start();
  let isWritingAnew = false;
  writeAnew = () => {
    isWritingAnew = true;
    void writeAllAnew(studio).finally(() => (isWritingAnew = false));
  };
  watchTraffic(studio.traffic);
  if (foreign.removed.length > 0)
    studio.notices.getState().warn(currentText().shell.foreignWorker.removed(foreign.removed.join(', ')));
  watchEnds(studio, noticeOutside);
  setInterval(() => document.hidden || void studio.memory.getState().measure(), measureEveryMs);
  keepStrayDropsOut();
  warnBeforeLeaving(
    () =>
      isWritingAnew ||
      kept.isWriting() ||
      studio.pending.getState().unwritten > 0 ||
      studio.training.getState().active !== null ||
      studio.handOver.getState().doing !== null ||
      studio.starter.getState().progress !== null ||
      studio.modelShelf.getState().copying !== null,
  );
  // The starter's promise: it ends at the comparison, wherever the page was meanwhile.
  studio.starter.subscribe(({ progress, result }, before) => {
    if (before.progress !== null && progress === null && result !== null && result.seconds !== null)
      goTo('compare', 'starter-result');
  });
  root.render(
    <StrictMode>
      <StudioContext value={studio}>
        <App environment={environment} />
      </StudioContext>
    </StrictMode>,
  );
}
