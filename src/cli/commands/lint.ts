/**
 * @file `lint`: what a server demands of an adapter and this one does not meet, as a JSON list; exit code 1 where a
 * finding forbids serving.
 */
import { lintAdapter } from '../../handover/contract';
import { sentenceOf } from '../../messages/message';
import type { Server } from '../../run/hand-over';
import { openDirectory } from '../node-files';
import { printJson } from '../terminal';

export async function lint(options: { adapter: string; server: Server; maxLoraRank: number }): Promise<void> {
  const findings = await lintAdapter(openDirectory(options.adapter).directory, options.server, options.maxLoraRank);
  printJson(
    findings.map(({ rule, seen, remedy, forbids }) => ({
      rule,
      seen: sentenceOf(seen),
      remedy: sentenceOf(remedy),
      forbids,
    })),
  );
  if (findings.some(({ forbids }) => forbids)) process.exitCode = 1;
}
