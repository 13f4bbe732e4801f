/** @file A release's server gives the studio's files with the right headers, to this PC alone, at one address. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, request as ask, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { strictHeaders } from '../../../headers.mjs';
import { addressAt, port as ownPort } from './address.mjs';
import type { Served } from './serve';
import { serveStudio } from './serve';
import { readMe, startFile } from './texts';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((server) => server.close()));

function makeStudio(): string {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-serve-'));
  mkdirSync(join(folder, 'studio', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'studio', 'index.html'), '<!doctype html><title>Airlock</title>');
  writeFileSync(join(folder, 'studio', 'assets', 'glue.mjs'), 'export {};');
  writeFileSync(join(folder, 'studio', 'assets', 'runtime.wasm'), new Uint8Array(1000));
  return join(folder, 'studio');
}

async function serve(folder: string, port = 0): Promise<Extract<Served, { state: 'serving' }>> {
  const served = await serveStudio(folder, port, strictHeaders);
  if (served.state !== 'serving') throw new Error(served.state);
  open.push(served.server);
  return served;
}

it('sends every file with the strict headers and its type', async () => {
  const { port } = await serve(makeStudio());
  const types = { '': 'text/html', 'assets/glue.mjs': 'text/javascript', 'assets/runtime.wasm': 'application/wasm' };
  for (const [path, type] of Object.entries(types)) {
    const response = await fetch(`http://localhost:${port}/${path}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    for (const [name, value] of Object.entries(strictHeaders)) expect(response.headers.get(name), name).toBe(value);
  }
});

it('gives nothing from outside its folder, and says what is not there', async () => {
  const { port } = await serve(makeStudio());
  for (const path of ['missing.js', '%2e%2e/secret.txt', '..%2fsecret.txt']) {
    const response = await fetch(`http://localhost:${port}/${path}`);
    expect(response.status, path).toBe(404);
    expect(response.headers.get('content-security-policy')).toBe(strictHeaders['Content-Security-Policy']);
  }
});

/** As a browser asks that was led here by this name and method. */
function answerTo(at: number, host: string, method = 'GET'): Promise<IncomingMessage> {
  return new Promise((resolve, reject) =>
    ask({ host: 'localhost', port: at, path: '/assets/glue.mjs', method, headers: { host } }, resolve)
      .on('error', reject)
      .end(),
  );
}

it('answers to its own name, leads from localhost to it, and refuses names that lead here from elsewhere', async () => {
  const { port } = await serve(makeStudio());
  expect((await answerTo(port, `airlock.localhost:${ownPort}`)).statusCode).toBe(200);
  for (const name of ['localhost', '127.0.0.1', '[::1]']) {
    const led = await answerTo(port, `${name}:${ownPort}`);
    expect([led.statusCode, led.headers.location]).toEqual([307, `${addressAt()}assets/glue.mjs`]);
  }
  for (const name of ['rebound.example', 'localhost.example', 'other.localhost'])
    expect((await answerTo(port, `${name}:${ownPort}`)).statusCode).toBe(421);
  // Where it was before it had a name: what was kept there can be fetched.
  expect((await answerTo(port, 'localhost:4173')).statusCode).toBe(200);
});

it('takes nothing, and sends its headers with a refusal and with what is not there', async () => {
  const { port } = await serve(makeStudio());
  const own = `airlock.localhost:${ownPort}`;
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { statusCode, headers } = await answerTo(port, own, method);
    expect(statusCode, method).toBe(405);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    for (const [name, value] of Object.entries(strictHeaders)) expect(headers[name.toLowerCase()], name).toBe(value);
  }
});

it('listens to this PC alone', async () => {
  const { server } = await serve(makeStudio());
  expect(['127.0.0.1', '::1']).toContain((server.address() as { address: string }).address);
});

it('tells an Airlock that is open already from another program on its port', async () => {
  const folder = makeStudio();
  const { port } = await serve(folder);
  expect((await serveStudio(folder, port, strictHeaders)).state).toBe('open');
  const other = createServer((_request, response) => response.end('a printer'));
  open.push(other);
  await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
  expect((await serveStudio(folder, (other.address() as { port: number }).port, strictHeaders)).state).toBe('taken');
});

it("has texts with Windows' line ends, in both languages", () => {
  expect(startFile).toContain('node\\node.exe server.mjs\r\n');
  expect(startFile.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  // A bracket in a sentence would end its block.
  expect(startFile.match(/[()]/g)).toEqual(['(', ')']);
  expect(readMe('1.2.3')).toMatch(/^\uFEFFAirlock 1\.2\.3\r\n/);
  expect(readMe('1.2.3')).toMatch(/두 번 클릭/);
});
