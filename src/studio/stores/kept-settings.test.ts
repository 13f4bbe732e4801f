import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { initialColumns } from '../plain/compare/columns';
import { initialDraft } from '../plain/compare/draft';
import { initialSampling } from '../plain/compare/sampling';
import { initialForm } from '../plain/train/options';
import { keepSettings } from './kept-settings';
import type { Studio } from './studio-stores';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const stores = {
    model: createStore(() => ({ devicePreference: 'auto', loading: null as string | null })),
    dataset: createStore(() => ({ openId: 'first', rememberedPlans: [] as string[] })),
    comeBack: createStore(() => ({ dismissed: [] as string[] })),
    starter: createStore(() => ({ due: null as string | null })),
    training: createStore(() => ({ form: initialForm, startFrom: null as string | null, reference: null })),
    compare: createStore(() => ({ ...initialDraft, sampling: initialSampling, columns: initialColumns })),
    library: createStore(() => ({ compared: [] as string[] })),
    quality: createStore(() => ({ search: '', filter: 'all' })),
    rounds: createStore(() => ({ form: { count: '2' }, round: null as object | null, rates: [] as object[] })),
    judges: createStore(() => ({ judges: [] as object[] })),
  };
  const written: object[] = [];
  const writeSettings = async (settings: object) => void written.push(settings);
  keepSettings(stores as unknown as Studio, { writeSettings } as never);
  return { stores, written };
}

type Change = (stores: ReturnType<typeof setUp>['stores']) => void;

it.each<[string, Change]>([
  ['device', ({ model }) => model.setState({ devicePreference: 'wasm' })],
  ['training', ({ training }) => training.setState({ form: { ...initialForm, beta: '0.2' } })],
  ['start', ({ training }) => training.setState({ startFrom: 'run' })],
  ['judges', ({ judges }) => judges.setState({ judges: [{ id: 'j' }] })],
  ['imports', ({ dataset }) => dataset.setState({ rememberedPlans: ['plan'] })],
  ['dismissed', ({ comeBack }) => comeBack.setState({ dismissed: ['run'] })],
  ['sampling', ({ compare }) => compare.setState({ sampling: { ...initialSampling, seed: '7' } })],
  ['columns', ({ compare }) => compare.setState({ columns: initialColumns.slice(1) })],
  ['comparison', ({ compare }) => compare.setState({ remarks: 'few' })],
  ['compared', ({ library }) => library.setState({ compared: ['run'] })],
  ['table', ({ quality }) => quality.setState({ search: 'pump' })],
  ['rounds', ({ rounds }) => rounds.setState({ form: { count: '3' } })],
])('writes %s alone, a moment after it was changed', (key, change) => {
  const { stores, written } = setUp();
  change(stores);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(written.map((settings) => Object.keys(settings))).toEqual([[key]]);
});

it('writes at once that a starter is under way', () => {
  const { stores, written } = setUp();
  stores.starter.setState({ due: 'sentiment' });
  expect(written).toEqual([{ starterDue: 'sentiment' }]);
});

it('writes at once that a round has begun', () => {
  const { stores, written } = setUp();
  stores.rounds.setState({ round: {} });
  expect(written).toEqual([{ rounds: { form: { count: '2' }, round: {}, rates: [] } }]);
});

it('writes at once which data set is open', () => {
  const { stores, written } = setUp();
  stores.dataset.setState({ openId: 'second' });
  expect(written).toEqual([{ dataset: 'second' }]);
  vi.advanceTimersByTime(1000);
  expect(written).toHaveLength(1);
});

it('writes nothing where no setting was changed', () => {
  const { stores, written } = setUp();
  stores.model.setState({ loading: 'weights' });
  stores.compare.setState({ ...initialDraft });
  vi.advanceTimersByTime(1000);
  expect(written).toEqual([]);
});
