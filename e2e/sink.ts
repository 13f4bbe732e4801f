/**
 * @file Where what leaves a page would arrive: a server for TCP that reads which name is asked for, and one for UDP
 * each attempt. A browser under test resolves every name below sink.test to it; of names below lookup.test it is only
 * seen that it asks.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import type { Target } from './ways-out';

const zone = 'sink.test';

const address = '127.0.0.1';

/** Names that lead nowhere: what asks for one is seen in the browser's own log of its network. */
const lookupZone = 'lookup.test';

/** Makes a browser find the sink. */
export const sinkArgument = `--host-resolver-rules=MAP *.${zone} ${address}`;

const hostOf = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');

/** An address whose name only a look-up would ask for. */
export function lookupTarget(name: string): Target {
  const host = `${hostOf(name)}.${lookupZone}`;
  return { address, host, url: `https://${host}:4443/`, udp: 4443 };
}

interface NetLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly { readonly type: number; readonly params?: unknown }[];
}

/**
 * Which of these names the browser's resolver was asked for.
 * @param path of what Chromium wrote by --log-net-log, once it has ended
 */
export function readLookups(path: string, names: readonly string[]): readonly string[] {
  const { constants, events } = JSON.parse(readFileSync(path, 'utf8')) as NetLog;
  const resolving = new Set(
    Object.entries(constants.logEventTypes).flatMap(([type, id]) => (type.startsWith('HOST_RESOLVER') ? [id] : [])),
  );
  const asked = events.flatMap(({ type, params }) => (resolving.has(type) ? [JSON.stringify(params ?? '')] : []));
  return names.filter((name) => {
    const host = new RegExp(String.raw`\b${hostOf(name)}\.${lookupZone.replace('.', String.raw`\.`)}\b`);
    return asked.some((params) => host.test(params));
  });
}

export interface Sink {
  /** Names of the attempts from which anything arrived. */
  readonly reached: ReadonlySet<string>;
  target(name: string): Promise<Target>;
  close(): void;
}

export async function openSink(): Promise<Sink> {
  const reached = new Set<string>();
  const names = new Map<string, string>();
  const sockets: UdpSocket[] = [];
  // The greeting of TLS names the host in clear, and no more is needed.
  const server = createServer((socket) => {
    let greeting = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      greeting += bytes.toString('latin1');
      const host = new RegExp(`([a-z0-9-]+)\\.${zone}`).exec(greeting)?.[1];
      if (host === undefined) return;
      reached.add(names.get(host) ?? host);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    reached,
    async target(name) {
      const host = hostOf(name);
      names.set(host, name);
      const socket = createSocket('udp4');
      sockets.push(socket);
      socket.on('message', () => reached.add(name));
      await new Promise<void>((resolve) => socket.bind(0, address, resolve));
      return { address, host: `${host}.${zone}`, url: `https://${host}.${zone}:${port}/`, udp: socket.address().port };
    },
    close() {
      server.close();
      for (const socket of sockets) socket.close();
    },
  };
}
