/**
 * @file The screens in the order of the work. A screen is one line here and its title in text/en/shell.ts and
 * text/ko/shell.ts; rail, address, document title, shortcut and help follow.
 */
import type { ComponentType } from 'react';
import { RecordsScreen } from '../records/records-screen';
import { CompareScreen } from '../compare/compare-screen';
import { DataScreen } from '../data/data-screen';
import { JudgeSection } from '../judge/judge-section';
import { ModelSection } from '../model/model-section';
import { compareStatus, dataStatus, judgeStatus, modelStatus, trainStatus, type ReadStatus } from './screen-status';
import { parseRoute } from './route';
import type { Text } from '../../text/text';
import { TrainScreen } from '../train/train-screen';

export interface ScreenDefinition {
  /** The screen's name in the address, and the key of its title in the text. */
  readonly id: keyof Text['shell']['screens'];
  /** The letter that goes to the screen when it is pressed after g. */
  readonly letter: string;
  readonly Screen: ComponentType;
  readonly readStatus: ReadStatus;
}

export const screens: readonly [ScreenDefinition, ...ScreenDefinition[]] = [
  { id: 'models', letter: 'm', Screen: ModelSection, readStatus: modelStatus },
  { id: 'data', letter: 'd', Screen: DataScreen, readStatus: dataStatus },
  { id: 'judge', letter: 'j', Screen: JudgeSection, readStatus: judgeStatus },
  { id: 'train', letter: 't', Screen: TrainScreen, readStatus: trainStatus },
  { id: 'compare', letter: 'c', Screen: CompareScreen, readStatus: compareStatus },
];

/** Beside the work, and so not in the rail: it is reached from the bar. */
export const recordsPage = { id: 'records', letter: 'r', Screen: RecordsScreen } as const;

/** All that an address names. */
export const pages: readonly Pick<ScreenDefinition, 'id' | 'letter' | 'Screen'>[] = [...screens, recordsPage];

export function screenAt(hash: string): Pick<ScreenDefinition, 'id' | 'Screen'> {
  const { screen } = parseRoute(hash);
  return pages.find(({ id }) => id === screen) ?? screens[0];
}
