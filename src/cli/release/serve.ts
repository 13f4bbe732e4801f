/**
 * @file The studio's server, of `npm start` and of a release: it gives the built studio to this PC's browser, at one
 * address, with the headers that it must be served with. Nothing is read but the studio's folder.
 */
import { createServer, type Server } from 'node:http';
import sirv from 'sirv';
import { addressAt } from './address.mjs';
import { passFrontDoor, type Headers } from './front-door';

/** Makes a server of the studio in this folder; it listens to nobody yet. */
function createStudioServer(folder: string, headers: Headers): Server {
  // `dev` looks for a file when it is asked for, so a new build is seen.
  const files = sirv(folder, { etag: true, dev: true, dotfiles: false });
  return createServer((request, response) => {
    if (!passFrontDoor(request, response, headers)) return;
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' });
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
    // This PC's own browser resolves Airlock's name to the same two addresses as localhost.
    server.listen(port, 'localhost', () => resolve(null));
  });
  if (code === null) {
    const address = server.address();
    return { state: 'serving', server, port: typeof address === 'object' && address ? address.port : port };
  }
  if (code !== 'EADDRINUSE') throw new Error(`The studio cannot be served at ${addressAt(port)} (${code}).`);
  return { state: (await isAirlock(port)) ? 'open' : 'taken' };
}

async function isAirlock(port: number): Promise<boolean> {
  try {
    const options = { redirect: 'manual', signal: AbortSignal.timeout(3000) } as const;
    const response = await fetch(`http://localhost:${port}/`, options);
    return response.headers.get('location') === addressAt() || /<title>[^<]*Airlock/.test(await response.text());
  } catch {
    return false;
  }
}
