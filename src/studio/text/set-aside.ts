/** @file Says of a record that was set aside what it is and why it could not be read. */
import type { Expected, Misfit } from '../../storage/misfit';
import type { SetAside } from '../../storage/set-aside';
import type { Text } from './text';

type Words = Text['setAside'];

/** @param nameOf what a run is called, by its id */
export function whatIsSetAside(words: Words, aside: SetAside, nameOf: (runId: string) => string): string {
  const { what, setting } = words;
  const { from, part, count, name } = aside;
  const [kind = '', id = '', step = ''] = from.split('/');
  if (from === 'settings' && part !== null) return setting[part as keyof typeof setting] ?? part;
  if (part === 'rows') return what.rows(count);
  if (part === 'split') return what.split;
  switch (kind) {
    case 'dataset':
    case 'starter-result':
    case 'run-numbers':
    case 'dataset-label':
    case 'dataset-size':
    case 'dataset-change':
    case 'dataset-change-rows':
    case 'judging':
    case 'trials':
    case 'demonstration':
    case 'frontier':
    case 'rules':
    case 'label-review':
    case 'made-answers':
    case 'settings':
      return what[kind];
    case 'run':
      return what.run(name ?? id);
    case 'labels':
    case 'metrics':
    case 'samples':
    case 'adapter':
    case 'pairs':
      return what[kind](nameOf(id));
    case 'checkpoint':
      return what.checkpoint(nameOf(id), step);
    case 'model':
      return what.model(id);
    default:
      return what.unknown(from);
  }
}

function describeExpected({ expected, why }: Words, list: readonly Expected[]): string {
  const described = list.map((each) => {
    if ('values' in each) return expected.oneOf(each.values.join(', '));
    return 'limit' in each ? expected[each.kind](each.limit) : expected[each.kind];
  });
  return described.length === 0 ? expected.nothing : [...new Set(described)].join(why.or);
}

export function whyIsSetAside(words: Words, misfit: Misfit | null): string {
  const { why } = words;
  switch (misfit?.reason) {
    case undefined:
      return why.lost;
    case 'noVersion':
      return why.noVersion;
    case 'altered':
      return why.altered;
    case 'unreadable':
      return why.unreadable(misfit.why);
    case 'newer':
      return why.newer(misfit.version, misfit.limit);
    case 'older':
      return why.older(misfit.version);
    case 'wrong': {
      const place = misfit.path === '' ? why.whole : `\`${misfit.path}\``;
      const belongs = describeExpected(words, misfit.expected);
      return misfit.seen === null ? why.missing(place, belongs) : why.wrong(place, misfit.seen, belongs);
    }
  }
}
