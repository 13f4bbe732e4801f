/**
 * @file The key that signs what is handed over, in a database of its own: its private half cannot be read out, so no
 * backup can hold it. There is one; which tab makes it first does not matter.
 */
import type { KeyValue } from './key-value';

const place = 'hand-over';

export interface SigningKeys {
  read(): Promise<CryptoKeyPair | null>;
  /** Keeps a key where there is none. @returns the one that is kept */
  keep(pair: CryptoKeyPair): Promise<CryptoKeyPair>;
}

const isPair = (value: unknown): value is CryptoKeyPair =>
  typeof value === 'object' && value !== null && 'privateKey' in value && value.privateKey instanceof CryptoKey;

export function createSigningKeys(db: KeyValue): SigningKeys {
  return {
    async read() {
      const [value] = await db.getMany([place]);
      return isPair(value) ? value : null;
    },
    async keep(pair) {
      let kept = pair;
      await db.changeMany([place], ([value]) => {
        if (!isPair(value)) return [[place, pair]];
        kept = value;
        return [];
      });
      return kept;
    },
  };
}
