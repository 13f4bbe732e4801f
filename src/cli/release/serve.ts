/**
 * @file The server of a release: it gives the built studio to this PC's own browser, at one address, with the headers
 * that it must be served with. Nothing is read but the studio's folder, and nobody but this PC is answered.
 */
import { createServer, type Server } from 'node:http';
import sirv from 'sirv';

/** The address's port. A browser keeps models, pairs and runs by address, so it must stay what it is. */
export const releasePort = 4173;

/** Names and values of the headers of every answer. */
type Headers = Readonly<Record<string, string>>;

/** Makes a server of the studio in this folder; it listens to nobody yet. */
function createStudioServer(folder: string, headers: Headers): Server {
  const setHeaders = (response: { setHeader(name: string, value: string): void }): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    // A new release is there at the next visit; what has not changed is not sent again.
    response.setHeader('Cache-Control', 'no-cache');
  };
  const files = sirv(folder, { etag: true, setHeaders, dotfiles: false });
  return createServer((request, response) => {
    setHeaders(response);
    files(request, response, () => {
      response.statusCode = 404;
      response.end('There is no such file in Airlock.');
    });
  });
}

/** How an attempt to serve ended. */
export type Served =
  | { readonly state: 'serving'; readonly server: Server; readonly port: number }
  /** Another window of Airlock serves here. */
  | { readonly state: 'open' }
  /** Another program has the port. */
  | { readonly state: 'taken' };

/** Serves the studio to this PC alone; port 0 takes a free one. */
export async function serveStudio(folder: string, port: number, headers: Headers): Promise<Served> {
  const server = createStudioServer(folder, headers);
  const code = await new Promise<string | null>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, 'localhost', () => resolve(null));
  });
  if (code === null) {
    const address = server.address();
    return { state: 'serving', server, port: typeof address === 'object' && address ? address.port : port };
  }
  if (code !== 'EADDRINUSE') throw new Error(`The studio cannot be served at http://localhost:${port} (${code}).`);
  return { state: (await isAirlock(port)) ? 'open' : 'taken' };
}

async function isAirlock(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://localhost:${port}/`, { signal: AbortSignal.timeout(3000) });
    return /<title>[^<]*Airlock/.test(await response.text());
  } catch {
    return false;
  }
}
