/** @file Writes what was chosen and typed on the page, so that the next visit begins with it. */
import { shallow } from 'zustand/vanilla/shallow';
import { draftOf } from '../plain/compare/draft';
import type { Settings, Storage } from '../plain/records';
import { afterSettling } from './after-settling';
import type { Studio } from './studio-stores';

function settingsOf({
  model,
  dataset,
  training,
  compare,
  library,
  quality,
  comeBack,
  starter,
  rounds,
  judges,
}: Studio): Required<Omit<Settings, 'lastModel' | 'lastBackup' | 'person'>> {
  const { form, startFrom, reference } = training.getState();
  const { sampling, columns } = compare.getState();
  const { search, filter } = quality.getState();
  const { form: roundForm, round, rates } = rounds.getState();
  return {
    device: model.getState().devicePreference,
    products: model.getState().products,
    training: form,
    start: { startFrom, reference },
    dataset: dataset.getState().openId,
    sampling,
    columns,
    comparison: draftOf(compare.getState()),
    starterDue: starter.getState().due,
    dismissed: comeBack.getState().dismissed,
    compared: library.getState().compared,
    pinned: library.getState().pinned,
    table: { search, filter },
    imports: [...dataset.getState().rememberedPlans],
    rounds: { form: roundForm, round, rates },
    judges: [...judges.getState().judges],
  };
}

/** A function that writes the settings that were changed here since they were written: other tabs change others. */
function writingChanges(stores: Studio, storage: Pick<Storage, 'writeSettings'>): () => void {
  let written = settingsOf(stores);
  return () => {
    const [now, before] = [settingsOf(stores), written];
    const keys = Object.keys(now) as (keyof typeof now)[];
    const changed = keys.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(before[key]));
    written = now;
    if (changed.length === 0) return;
    storage.writeSettings(Object.fromEntries(changed.map((key) => [key, now[key]]))).catch((error: unknown) => {
      written = before;
      stores.notices.getState().tellFailure(error);
    });
  };
}

/** Writes the settings a moment after any of them was changed; what is open, pinned or under way, at once. */
export function keepSettings(stores: Studio, storage: Pick<Storage, 'writeSettings'>): void {
  const { model, dataset, training, compare, library, quality, comeBack, starter, rounds, judges } = stores;
  const write = writingChanges(stores, storage);
  const save = afterSettling(write);
  let seen = settingsOf(stores);
  function look(): void {
    const now = settingsOf(stores);
    const keys = Object.keys(now) as (keyof typeof now)[];
    if (keys.every((key) => shallow(now[key], seen[key]))) return;
    // Nobody types them, and who leaves right after choosing finds them so at the next visit.
    const isAtOnce =
      now.dataset !== seen.dataset ||
      now.starterDue !== seen.starterDue ||
      now.rounds.round !== seen.rounds.round ||
      !shallow(now.pinned, seen.pinned);
    seen = now;
    if (isAtOnce) write();
    else save();
  }
  for (const store of [model, dataset, training, compare, library, quality, comeBack, starter, rounds, judges])
    store.subscribe(look);
}
