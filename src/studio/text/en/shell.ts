/** @file The frame: screens, top bar, help, and what the engine and the browser have to say. */
import { plural } from '../format';

interface TourStep {
  readonly title: string;
  readonly body: string;
}

export const shell = {
  skip: 'Skip to the main content',
  documentTitle: (screen: string) => `${screen} · Airlock`,
  rail: 'Screens',
  screens: { models: 'Models', data: 'Data', judge: 'Judge', train: 'Train', compare: 'Compare', records: 'Records' },
  status: {
    noModel: 'none chosen',
    loading: 'loading',
    noPairs: 'no pairs',
    nothingToJudge: 'nothing to judge',
    needsModelAndPairs: 'needs model and pairs',
    needsModel: 'needs a model',
    needsPairs: 'needs pairs',
    starting: 'starting',
    ready: 'ready',
    answering: 'answering',
    modelJudging: 'a model judges',
    judgingLabels: 'judging labels',
  },
  device: {
    chip: (name: string) => `Device: ${name}`,
    title: 'Device',
    starting: 'starting',
    down: 'engine down',
    isStarting: 'The engine is starting.',
    isDown: 'The engine is not running.',
    products: (gflops: string) =>
      `Training calculates at ${gflops} billion operations a second here, the fastest of the ways that were tried.`,
    productsTerm: (variant: string, pass?: 'ours' | 'runtime') =>
      `GFLOPS of matrix products, tile ${variant}${pass === undefined ? '' : `; forward pass of training by ${pass === 'ours' ? 'our own kernels' : 'onnxruntime'}`}`,
    runOn: 'Run on',
    auto: 'Automatic',
    webgpu: 'WebGPU',
    wasm: 'WASM (CPU)',
    notWhileTraining: 'Not while training runs.',
    help: 'A change restarts the engine and opens the model again.',
    restartNow: 'Restart the engine now',
    restart: 'Restart engine',
  },
  model: { none: 'no model' },
  memory: {
    chip: (size: string) => `Memory: ${size}`,
    title: 'Memory of the engine',
    lead: 'What the model, the run and their working space hold now. It is freed when the page is closed.',
    device: (isGpu: boolean): string => (isGpu ? 'Tensors on the GPU' : 'Tensors'),
    wasmHeap: 'WebAssembly',
    jsHeap: 'JavaScript',
  },
  storage: {
    chip: (size: string, isAtRisk: boolean) => `Storage: ${size}${isAtRisk ? ', not protected' : ''}`,
    title: 'Storage on this PC',
    lead: 'Models, pairs, runs and adapters are kept in this browser.',
    persisted: 'The browser has promised not to clear them by itself.',
    atRisk:
      'The browser was asked whenever something was stored, and has not promised to keep them: it may clear them when the ' +
      'disk runs full. Bookmark this page or allow its notifications, which Chrome takes for a reason to protect ' +
      'them; it is asked again by itself. Until then, download the adapters that you need.',
  },
  sent: {
    none: '0 bytes sent',
    noneMore: 'nothing leaves this PC',
    checking: 'checking the seal',
    notSealed: 'Not sealed',
    notSealedMore: 'nothing seen leaving, but not all of it is guarded',
    some: (requests: number) => `${plural(requests, 'request')} elsewhere`,
    posted: (requests: number, bytes: string) => `${bytes} sent to the server in ${plural(requests, 'request')}`,
    title: 'What leaves this PC',
    meaning: (seen: number, origin: string) =>
      `Measured, not promised: of ${plural(seen, 'request')} that this page and its engine have made since it was opened, all went to ${origin}, where it was loaded from, and none to another address.`,
    elsewhere:
      'Requests went to addresses other than the one this page was loaded from; an extension of the browser may have made them:',
    to: (origin: string, requests: number) => `${origin}: ${plural(requests, 'request')}`,
    blocked: (count: number) =>
      `${plural(count, 'attempt')} to reach another address ${count === 1 ? 'was' : 'were'} blocked by the browser.`,
    guards: 'What guards the page',
    policy: {
      holds:
        'The server’s content security policy is in force: the browser lets the page and its engine connect to no other address.',
      missing:
        'The server sends no content security policy that confines the page. Serve it with the headers in the README.',
      unconfirmed: 'Whether the server’s content security policy is in force could not be read.',
    },
    allowlist: {
      holds:
        'Connection-Allowlist is obeyed, as was just tried: WebRTC, links, redirects and early connections lead nowhere else either.',
      missing:
        'Connection-Allowlist is not obeyed: WebRTC, links and early connections could still lead elsewhere. It needs the header in the README and Chrome 156 or later.',
      unconfirmed:
        'Whether Connection-Allowlist is obeyed could not be confirmed: it was measured in Chrome 156, and WebRTC must be there to try it. Until then only the firewall guards those ways.',
    },
    isolation: {
      holds: 'The page is isolated: it shares no process with another origin.',
      missing: 'The page is not isolated from other origins. Serve it with the headers in the README.',
      unconfirmed: 'Whether the page is isolated could not be found out.',
    },
    limits:
      'What no page can see: extensions of the browser, other programs, and the threads of the engine, which are held by the policies alone.',
  },
  selfTest: {
    title: 'Self-test of the seal',
    lead: 'Tries five ways out, towards addresses that exist nowhere. Nothing of yours is sent.',
    run: 'Try the ways out',
    running: 'Trying …',
    channels: {
      fetch: 'Request by script',
      image: 'Picture from elsewhere',
      webSocket: 'WebSocket',
      beacon: 'Beacon',
      relay: 'WebRTC',
    },
    outcomes: { blocked: 'blocked', open: 'not blocked', unknown: 'not in this browser' },
  },
  language: { label: 'Language', names: { en: 'English', ko: '한국어' } },
  theme: {
    label: 'Theme',
    chip: (name: string) => `Theme: ${name}`,
    names: { system: 'As the system', light: 'Light', dark: 'Dark' },
  },
  help: {
    open: 'Help and keyboard shortcuts',
    title: 'Help',
    shortcuts: 'Keyboard shortcuts',
    tour: {
      title: 'Your first hour',
      lead: 'From the first screen to an adapter for the server, in five steps.',
      open: (screen: string) => `Open ${screen}`,
      steps: [
        {
          title: 'Open a model',
          body: 'No model yet? Try the starter: a small one that goes through every step in a few minutes. Else choose the directory of a model that you have. All of it stays on this PC.',
        },
        {
          title: 'Bring good and bad answers',
          body: 'A file of Excel, CSV or JSON with a prompt, the answer that you want and one that you do not. The screen has an Excel template. Without such data, make some under Judge: choose the better of the model’s own answers.',
        },
        {
          title: 'Train',
          body: 'Leave the recommended settings, choose “Compare both: SFT, then DPO” and start. The time is told beforehand; you can pause at any moment and go on later.',
        },
        {
          title: 'Compare the answers',
          body: 'See what base, SFT and DPO answer to the same prompt, side by side. A prompt set gives win rates, and the report puts them on a page for others.',
        },
        {
          title: 'Hand the adapter over',
          body: 'Open the run and press “Hand over”. It asks which server is to answer, says what that server would refuse, and writes a folder or a zip with the commands for its administrator.',
        },
      ] as readonly TourStep[],
    },
    keys: 'Keys',
    what: 'What they do',
    then: 'then',
    goTo: (screen: string) => `go to ${screen}`,
    openThis: 'show this help',
    generate: 'generate answers, in the prompt',
    undo: 'undo a change of the pairs, under Data',
    redo: 'do it again',
    tab: 'to the next control; the first one skips to the main content',
    escape: 'close a dialog or a list',
    isOn: 'Single keys are on',
    note: 'They do nothing while you type in a field.',
  },
  elsewhere: 'training in another tab',
  notifications: 'Notifications',
  supportDetails: 'Details for support',
  moreWarnings: (count: number) => plural(count, 'more warning'),
  warningsContinued: (label: string) => `${label}, continued`,
  progressOfRun: (run: string) => `Progress of ${run}`,
  progressOf: (label: string, percent: string) => `${label}: ${percent}`,
  busy: {
    down: 'The engine is down; restart it first.',
    starter: 'The starter is running.',
    training: 'Training is running.',
    probing: 'Three steps are being tried.',
    comparing: 'Answers are being generated.',
    scoring: 'The tokens of answers are being scored.',
    judging: 'Answers for judging are being generated.',
    promptSet: 'The prompt set is being answered.',
    modelJudging: 'A model is judging the prompt set.',
    calibrating: 'A reward model is being measured.',
    makingPairs: 'Answers for pairs are being generated.',
    judgingLabels: 'The labels are being judged.',
    sweep: 'The frontier is being measured.',
    demonstration: 'The demonstration is being prepared.',
    showing: 'The demonstration is writing answers.',
    handingOver: 'An adapter is being handed over.',
    loading: 'A model is being loaded.',
    choosingTemplate: 'The chat template is being changed.',
    starting: 'The engine is starting.',
  },
  unsupported: 'Airlock cannot run here yet',
  foreignWorker: {
    title: 'Another program stood between this page and its server',
    body: (script: string) =>
      `A service worker that is not Airlock’s (${script}) had control of this address: another program left it here. It has been removed.`,
    meaning:
      'While it was here it could change this page and read what is kept under this address. Load the page anew, and tell whoever looks after this PC.',
    reload: 'Load Airlock anew',
    removed: (scripts: string) =>
      `A service worker that is not Airlock’s was registered for this address and has been removed: ${scripts}. This page did not come through it.`,
  },
  lacks: {
    secureContext: (address: string) =>
      `This page was opened from ${address}, which is not a secure context, so Chrome withholds WebGPU, storage and ` +
      'hashing. Open it on this PC from its own start (http://airlock.localhost), or over HTTPS with the company’s certificate; an ' +
      'administrator may also list the address in the policy OverrideSecurityRestrictionsOnInsecureOrigin.',
    webAssembly: (address: string) =>
      'WebAssembly is switched off in this browser, and the engine needs it. Ask the administrator to allow it for ' +
      `${address} (Chrome’s V8 optimizer or JavaScript JIT policy), or use a current Chrome.`,
    workers: 'This browser has no web workers. Use a current Chrome.',
    storage: (address: string) =>
      'This browser does not let the page store anything, so pairs and runs are gone when it is closed. Allow site ' +
      `data for ${address}, or download each adapter before you leave.`,
    isolation:
      'The page is not cross-origin isolated, so the CPU engine has one thread only. Serve it with the headers ' +
      'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
  },
  number: {
    problem: (label: string, range: string, given: string, withPoint: string | null) =>
      `${label} must be ${range}; ${given === '' ? 'it is empty' : `"${given}" is not`}.${withPoint === null ? '' : ` Write ${withPoint} with a point.`}`,
    range: (min: number, max: number, isAbove: boolean, isWhole: boolean) => {
      const kind = isWhole ? 'a whole number' : 'a number';
      return isAbove ? `${kind} above ${min} and up to ${max}` : `${kind} from ${min} to ${max}`;
    },
  },
};
