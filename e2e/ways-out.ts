/* eslint-disable @typescript-eslint/no-explicit-any -- browsers know more than TypeScript's list of them */
/**
 * @file Ways by which a page or its workers could send something away, one small function each. They run in the
 * browser as they stand here, so each uses nothing but what it is given. What they reach is e2e/sink.ts.
 */

/** An address of one attempt's own. */
export interface Target {
  /** `https://NAME.sink.test:PORT/` */
  readonly url: string;
  /** `NAME.sink.test` */
  readonly host: string;
  /** Its address as a number. */
  readonly address: string;
  /** Of UDP, this attempt's own. */
  readonly udp: number;
}

export type Way = (to: Target) => unknown;
type Ways = Readonly<Record<string, Way>>;

/** Those that a page tries side by side. */
export const pageWays: Ways = {
  fetch: ({ url }) => fetch(url),
  fetchNoCors: ({ url }) => fetch(url, { mode: 'no-cors' }),
  fetchPost: ({ url }) => fetch(url, { method: 'POST', mode: 'no-cors', body: 'secret' }),
  fetchKeepalive: ({ url }) => fetch(url, { keepalive: true, mode: 'no-cors', method: 'POST', body: 'secret' }),
  fetchLater: ({ url }) => (self as any).fetchLater(url, { activateAfter: 0 }),
  xhr: ({ url }) => {
    const request = new XMLHttpRequest();
    request.open('GET', url);
    request.send();
  },
  xhrPost: ({ url }) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.send('secret');
  },
  beacon: ({ url }) => navigator.sendBeacon(url, 'secret'),
  eventSource: ({ url }) => new EventSource(url),
  webSocket: ({ url }) => new WebSocket(url.replace('https', 'wss')),
  webSocketStream: ({ url }) => new (self as any).WebSocketStream(url.replace('https', 'wss')).opened,
  webTransport: ({ host, udp }) => new WebTransport(`https://${host}:${udp}/`).ready,
  cacheAdd: async ({ url }) => (await caches.open('ways')).add(url),
  stun: ({ address, udp }) => {
    const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:${address}:${udp}` }] });
    connection.createDataChannel('way');
    return connection.setLocalDescription();
  },
  turn: ({ address, udp }) => {
    const server = { urls: `turn:${address}:${udp}`, username: 'secret', credential: 'secret' };
    const connection = new RTCPeerConnection({ iceServers: [server] });
    connection.createDataChannel('way');
    return connection.setLocalDescription();
  },
  turnTls: ({ host, url }) => {
    const server = { urls: `turns:${host}:${new URL(url).port}`, username: 'secret', credential: 'secret' };
    const connection = new RTCPeerConnection({ iceServers: [server] });
    connection.createDataChannel('way');
    return connection.setLocalDescription();
  },
  image: ({ url }) => void (new Image().src = url),
  imageSet: ({ url }) => document.body.append(Object.assign(new Image(), { srcset: `${url} 1x` })),
  picture: ({ url }) => {
    const picture = document.createElement('picture');
    picture.append(Object.assign(document.createElement('source'), { srcset: url }), new Image());
    document.body.append(picture);
  },
  imageByMarkup: ({ url }) => document.body.insertAdjacentHTML('beforeend', `<img src="${url}">`),
  imageInShadow: ({ url }) => {
    const host = document.createElement('div');
    host.attachShadow({ mode: 'open' }).append(Object.assign(new Image(), { src: url }));
    document.body.append(host);
  },
  imageByBase: ({ url }) => {
    const page = document.createElement('iframe');
    page.srcdoc = `<base href="${url}"><img src="a.png">`;
    document.body.append(page);
  },
  inputImage: ({ url }) =>
    document.body.append(Object.assign(document.createElement('input'), { type: 'image', src: url })),
  bodyBackground: ({ url }) => document.body.setAttribute('background', url),
  svgImage: ({ url }) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'image');
    image.setAttribute('href', url);
    svg.append(image);
    document.body.append(svg);
  },
  svgFilterImage: ({ url }) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const filter = document.createElementNS('http://www.w3.org/2000/svg', 'filter');
    const image = document.createElementNS('http://www.w3.org/2000/svg', 'feImage');
    filter.id = 'way';
    image.setAttribute('href', url);
    filter.append(image);
    svg.append(filter);
    const drawn = document.createElement('div');
    drawn.style.filter = 'url(#way)';
    document.body.append(svg, drawn);
  },
  svgScript: ({ url }) => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const script = document.createElementNS('http://www.w3.org/2000/svg', 'script');
    script.setAttribute('href', url);
    svg.append(script);
    document.body.append(svg);
  },
  video: ({ url }) =>
    document.body.append(Object.assign(document.createElement('video'), { src: url, preload: 'auto' })),
  videoPoster: ({ url }) => document.body.append(Object.assign(document.createElement('video'), { poster: url })),
  audio: ({ url }) =>
    document.body.append(Object.assign(document.createElement('audio'), { src: url, preload: 'auto' })),
  mediaSource: ({ url }) => {
    const video = document.createElement('video');
    video.preload = 'auto';
    video.append(Object.assign(document.createElement('source'), { src: url }));
    document.body.append(video);
  },
  track: ({ url }) => {
    const video = Object.assign(document.createElement('video'), { crossOrigin: 'anonymous' });
    const track = Object.assign(document.createElement('track'), { src: url, default: true, kind: 'captions' });
    video.append(track);
    document.body.append(video);
    track.track.mode = 'showing';
  },
  object: ({ url }) => document.body.append(Object.assign(document.createElement('object'), { data: url })),
  embed: ({ url }) => document.body.append(Object.assign(document.createElement('embed'), { src: url })),
  frame: ({ url }) => document.body.append(Object.assign(document.createElement('iframe'), { src: url })),
  frameWithImage: ({ url }) =>
    document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: `<img src="${url}">` })),
  frameWithRefresh: ({ url }) => {
    const srcdoc = `<meta http-equiv="refresh" content="0;url=${url}">`;
    document.body.append(Object.assign(document.createElement('iframe'), { srcdoc }));
  },
  frameOfBlob: ({ url }) => {
    const src = URL.createObjectURL(new Blob([`<img src="${url}">`], { type: 'text/html' }));
    document.body.append(Object.assign(document.createElement('iframe'), { src }));
  },
  frameOfData: ({ url }) => {
    const src = `data:text/html,<img src="${url}">`;
    document.body.append(Object.assign(document.createElement('iframe'), { src }));
  },
  blankFrameFetches: ({ url }) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    return frame.contentWindow?.fetch(url, { mode: 'no-cors' });
  },
  frameIsSent: ({ url }) => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentWindow?.location.assign(url);
  },
  stylesheetOfXml: ({ url }) => {
    const xml = `<?xml version="1.0"?><?xml-stylesheet type="text/css" href="${url}"?><a/>`;
    const src = URL.createObjectURL(new Blob([xml], { type: 'text/xml' }));
    document.body.append(Object.assign(document.createElement('iframe'), { src }));
  },
  script: ({ url }) => document.head.append(Object.assign(document.createElement('script'), { src: url })),
  moduleScript: ({ url }) =>
    document.head.append(Object.assign(document.createElement('script'), { src: url, type: 'module' })),
  dynamicImport: ({ url }) => import(url),
  blobWorkerFetches: ({ url }) => {
    const code = `fetch(${JSON.stringify(url)}, { mode: 'no-cors' })`;
    return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  },
  dataWorkerFetches: ({ url }) => new Worker(`data:text/javascript,fetch(${JSON.stringify(url)},{mode:'no-cors'})`),
  audioWorklet: ({ url }) => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(url),
  paintWorklet: ({ url }) => (CSS as any).paintWorklet.addModule(url),
  styleSheet: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url })),
  styleImport: ({ url }) =>
    document.head.append(Object.assign(document.createElement('style'), { textContent: `@import "${url}";` })),
  styleBackground: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.background = `url("${url}")`;
    document.body.append(drawn);
  },
  styleElement: ({ url }) => {
    const style = document.createElement('style');
    style.textContent = `html { background: url("${url}"); }`;
    document.head.append(style);
  },
  styleConstructed: ({ url }) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`main { border-image: url("${url}") 1; }`);
    document.adoptedStyleSheets.push(sheet);
    document.body.append(document.createElement('main'));
  },
  styleContent: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.content = `url("${url}")`;
    document.body.append(drawn);
  },
  styleCursor: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.cursor = `url("${url}"), auto`;
    document.body.append(drawn);
  },
  styleListImage: ({ url }) => {
    const drawn = document.createElement('li');
    drawn.style.listStyleImage = `url("${url}")`;
    document.body.append(drawn);
  },
  styleMask: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.maskImage = `url("${url}")`;
    document.body.append(drawn);
  },
  styleImageSet: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.backgroundImage = `image-set(url("${url}") 1x)`;
    document.body.append(drawn);
  },
  styleShape: ({ url }) => {
    const drawn = document.createElement('div');
    drawn.style.shapeOutside = `url("${url}")`;
    drawn.style.float = 'left';
    document.body.append(drawn);
  },
  styleFont: ({ url }) => {
    const style = document.createElement('style');
    style.textContent = `@font-face { font-family: way; src: url("${url}"); } p { font-family: way; }`;
    document.head.append(style);
    document.body.append(Object.assign(document.createElement('p'), { textContent: 'a' }));
  },
  fontFace: ({ url }) => new FontFace('way2', `url("${url}")`).load(),
  linkPreload: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'preload', as: 'image', href: url })),
  linkPreloadFetch: ({ url }) => {
    const link = { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous', href: url };
    document.head.append(Object.assign(document.createElement('link'), link));
  },
  linkModulePreload: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: url })),
  linkPrefetch: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: url })),
  linkPreconnect: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'preconnect', href: url })),
  linkIcon: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'icon', href: url })),
  linkDictionary: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'compression-dictionary', href: url })),
  speculativePrefetch: ({ url }) => {
    const script = Object.assign(document.createElement('script'), { type: 'speculationrules' });
    script.textContent = JSON.stringify({ prefetch: [{ source: 'list', urls: [url] }] });
    document.head.append(script);
  },
  speculativePrerender: ({ url }) => {
    const script = Object.assign(document.createElement('script'), { type: 'speculationrules' });
    script.textContent = JSON.stringify({ prerender: [{ source: 'list', urls: [url] }] });
    document.head.append(script);
  },
  formIntoFrame: ({ url }) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'way-get' });
    const form = Object.assign(document.createElement('form'), { action: url, target: 'way-get' });
    document.body.append(frame, form);
    form.submit();
  },
  formPostIntoFrame: ({ url }) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'way-post' });
    const form = Object.assign(document.createElement('form'), { action: url, target: 'way-post', method: 'post' });
    form.append(Object.assign(document.createElement('input'), { name: 'a', value: 'secret' }));
    document.body.append(frame, form);
    form.submit();
  },
  linkPing: ({ url }) => {
    const link = Object.assign(document.createElement('a'), { href: '#here', ping: url });
    document.body.append(link);
    link.click();
  },
  payment: ({ url }) => {
    const total = { label: 'a', amount: { currency: 'EUR', value: '1' } };
    return new PaymentRequest([{ supportedMethods: url }], { total } as any).canMakePayment();
  },
  credentials: ({ url }) =>
    navigator.credentials.get({ identity: { providers: [{ configURL: `${url}a.json`, clientId: 'a' }] } } as any),
};

/** Those that ask for a name and go no further. */
export const lookupWays: Ways = {
  linkDnsPrefetch: ({ url }) =>
    document.head.append(Object.assign(document.createElement('link'), { rel: 'dns-prefetch', href: url })),
  dnsPrefetchByMarkup: ({ host }) =>
    document.head.insertAdjacentHTML('beforeend', `<link rel="dns-prefetch" href="//${host}">`),
};

/** Windows that the page opens, and what it does in them. */
export const windowWays: Ways = {
  open: ({ url }) => void window.open(url),
  openNoOpener: ({ url }) => void window.open(url, '_blank', 'noopener'),
  linkBlank: ({ url }) => {
    const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
    document.body.append(link);
    link.click();
  },
  formBlank: ({ url }) => {
    const form = Object.assign(document.createElement('form'), { action: url, target: '_blank', method: 'post' });
    form.append(Object.assign(document.createElement('input'), { name: 'a', value: 'secret' }));
    document.body.append(form);
    form.submit();
  },
  blankWindowFetches: ({ url }) => void window.open('about:blank')?.fetch(url, { mode: 'no-cors' }),
  blankWindowIsSent: ({ url }) => void window.open('about:blank')?.location.assign(url),
  blobWindow: ({ url }) =>
    void window.open(URL.createObjectURL(new Blob([`<img src="${url}">`], { type: 'text/html' }))),
};

/** Those by which the page goes away: one a page. */
export const leavingWays: Ways = {
  locationHref: ({ url }) => void (location.href = url),
  locationReplace: ({ url }) => location.replace(url),
  navigate: ({ url }) => (self as any).navigation.navigate(url),
  linkClick: ({ url }) => {
    const link = Object.assign(document.createElement('a'), { href: url });
    document.body.append(link);
    link.click();
  },
  formGet: ({ url }) => {
    const form = Object.assign(document.createElement('form'), { action: url });
    document.body.append(form);
    form.submit();
  },
  formPost: ({ url }) => {
    const form = Object.assign(document.createElement('form'), { action: url, method: 'post' });
    form.append(Object.assign(document.createElement('input'), { name: 'a', value: 'secret' }));
    document.body.append(form);
    form.submit();
  },
  metaRefresh: ({ url }) => {
    const meta = Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0;url=${url}` });
    document.head.append(meta);
  },
  linkDownload: ({ url }) => {
    const link = Object.assign(document.createElement('a'), { href: url, download: 'a' });
    document.body.append(link);
    link.click();
  },
  openSelf: ({ url }) => void window.open(url, '_self'),
};

/** Of a dedicated, a shared and a service worker alike. */
const everyWorker: Ways = {
  fetch: ({ url }) => fetch(url, { mode: 'no-cors', method: 'POST', body: 'secret' }),
  webSocket: ({ url }) => new WebSocket(url.replace('https', 'wss')),
  webTransport: ({ host, udp }) => new WebTransport(`https://${host}:${udp}/`).ready,
  cacheAdd: async ({ url }) => (await caches.open('ways')).add(url),
};

const notOfServiceWorkers: Ways = {
  xhr: ({ url }) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.send('secret');
  },
  eventSource: ({ url }) => new EventSource(url),
  importScripts: ({ url }) => (self as any).importScripts(url),
  dynamicImport: ({ url }) => import(url),
};

export const workerWays: Ways = {
  ...everyWorker,
  ...notOfServiceWorkers,
  webSocketStream: ({ url }) => new (self as any).WebSocketStream(url.replace('https', 'wss')).opened,
  fetchKeepalive: ({ url }) => fetch(url, { mode: 'no-cors', keepalive: true }),
  fontFace: ({ url }) => new FontFace('way', `url("${url}")`).load(),
  blobWorkerFetches: ({ url }) => {
    const code = `fetch(${JSON.stringify(url)}, { mode: 'no-cors' })`;
    return new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  },
};

export const sharedWorkerWays: Ways = { ...everyWorker, ...notOfServiceWorkers };

export const serviceWorkerWays: Ways = everyWorker;
