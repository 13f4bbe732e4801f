/** @file Names a part of a backup for people: a data set with its name, a run, the settings. */
import type { UnitPlan } from '../../storage/backup/restore';
import { describeDatasetName } from './describe-dataset';
import { whyIsSetAside } from './set-aside';
import type { Text } from './text';

export function describeUnit(plan: UnitPlan, text: Text): string {
  const { restore } = text.records;
  const { what } = text.setAside;
  const { unit, kind, label, rows, fate, name } = plan;
  const id = unit.slice(kind.length + 1);
  switch (kind) {
    case 'dataset': {
      const called = label === null ? text.data.sets.unnamed : describeDatasetName(label, text);
      if (fate === 'differs') return restore.deletedSet(called);
      return fate === 'merged' ? restore.newPairs(called, rows) : restore.dataset(called, rows);
    }
    case 'run':
      return what.run(name ?? id);
    case 'set-aside':
      return restore.setAside(id);
    case 'other':
      return what.unknown(unit);
    default:
      return what[kind];
  }
}

/** Why it cannot be read. */
export function describeUnfit(plan: UnitPlan, text: Text): string {
  const why = plan.misfit === null ? text.records.restore.unknownKind : whyIsSetAside(text.setAside, plan.misfit);
  return `${describeUnit(plan, text)}: ${why}`;
}
