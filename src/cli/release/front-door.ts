/**
 * @file What the studio's server does before it looks for a file: the headers on each answer, errors too; no writing;
 * no other name than Airlock's own.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { addressAt, host, port } from './address.mjs';

/** Names and values of the headers of every answer. */
export type Headers = Readonly<Record<string, string>>;

const namesOfThisPc = ['localhost', '127.0.0.1', '[::1]'];

/** @returns whether the request goes on to the files; otherwise it has been answered */
export function passFrontDoor(request: IncomingMessage, response: ServerResponse, headers: Headers): boolean {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // A new release is there at the next visit; what has not changed is not sent again.
  response.setHeader('Cache-Control', 'no-cache');
  const refuse = (status: number, sentence: string): false => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(sentence);
    return false;
  };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(405, 'Airlock’s server takes nothing: it answers GET and HEAD only.');
  const [name = '', at] = (request.headers.host ?? '').toLowerCase().split(/:(?=\d+$)/);
  if (name === host) return true;
  if (!namesOfThisPc.includes(name)) return refuse(421, `Airlock’s server answers to ${host} only.`);
  // By another port the studio still opens where it was before it had a name of its own.
  if (Number(at) !== port) return true;
  response.setHeader('Location', new URL(request.url ?? '/', addressAt()).href);
  return refuse(307, `Airlock is at ${addressAt()}`);
}
