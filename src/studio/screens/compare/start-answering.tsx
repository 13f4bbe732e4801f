/** @file What the forms of a prompt set and a demonstration share: what they are read against, and the start. */
import { ListChecks } from 'lucide-react';
import { Button } from 'react-aria-components';
import { readRuleForms } from '../../plain/data/rule-form';
import { readSampling } from '../../plain/compare/sampling';
import { promptSetColumns } from '../../stores/prompt-set';
import { useText } from '../../text/text';
import { ownModel } from '../../stores/open-model';
import { useBusyReason, useStudioState } from '../use-studio';

/** The columns of the comparison that can answer now. */
export function useAnsweringColumns() {
  const columns = useStudioState('compare', (state) => state.columns);
  const runs = useStudioState('library', (state) => state.runs);
  const model = useStudioState('model', ownModel);
  const judges = useStudioState('judges', (state) => state.judges);
  return promptSetColumns({ columns }, { runs }, model, judges);
}

/** The open model, the columns and the pairs that a form is read against; null without a model. */
export function useSources() {
  const model = useStudioState('model', ownModel);
  const { options } = readSampling(useStudioState('compare', (state) => state.sampling));
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const manifest = useStudioState('starter', (state) => state.manifest);
  const columns = useAnsweringColumns();
  const runs = useStudioState('library', (state) => state.runs);
  const judges = useStudioState('judges', (state) => state.judges);
  const stored = useStudioState('modelShelf', (state) => state.stored);
  const ruleForms = useStudioState('rules', (state) => state.rules);
  const hasRules = readRuleForms(ruleForms).rules !== null;
  const answered = { model, columns, sampling: options, rows, split, manifest, runs, judges, stored, hasRules };
  return model === null ? null : { ...answered, model };
}

interface StartAnsweringProps {
  readonly label: string;
  /** What the form lacks, a sentence, empty where it stands in the form; null where all can be answered. */
  readonly lacks: string | null;
  /** How much will be answered, a sentence. */
  readonly plan: string | null;
  /** What becomes of columns that show the best of N, where the comparison has any. */
  readonly noteOfBest?: string;
  readonly onStart: () => void;
}

/** Begins the answering, or says what is in the way; else how many answers there will be. */
export function StartAnswering({ label, lacks, plan, noteOfBest, onStart }: StartAnsweringProps) {
  const busy = useBusyReason();
  const { common } = useText();
  const hasModel = useStudioState('model', ownModel) !== null;
  const hasBest = useStudioState('compare', (state) => state.columns.some(({ best }) => best !== undefined));
  const obstacle = hasModel ? (lacks ?? busy) : common.chooseModelFirst;
  return (
    <div className="start-row">
      <Button className="button button-primary" isDisabled={obstacle !== null} onPress={onStart}>
        <ListChecks aria-hidden="true" /> {label}
      </Button>
      {obstacle === null && plan !== null && <p className="quiet">{plan}</p>}
      {obstacle !== null && obstacle !== '' && <p className="obstacle">{obstacle}</p>}
      {noteOfBest !== undefined && hasBest && <p className="quiet">{noteOfBest}</p>}
    </div>
  );
}
