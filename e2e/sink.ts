/**
 * @file Where what leaves a page would arrive: a server for TCP that reads which name is asked for, and one for UDP
 * each attempt. A browser under test resolves every name below sink.test to it.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type AddressInfo } from 'node:net';
import type { Target } from './ways-out';

const zone = 'sink.test';

const address = '127.0.0.1';

/** Makes a browser find the sink. */
export const sinkArgument = `--host-resolver-rules=MAP *.${zone} ${address}`;

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
      const host = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
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
