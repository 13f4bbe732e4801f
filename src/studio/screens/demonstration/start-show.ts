/** @file The show's address, and going there and back: the address alone keeps it open over a reload. */
import { enterFullScreen, leaveFullScreen } from '../../browser/full-screen';
import type { Studio } from '../../stores/studio-stores';
import { goTo, parseRoute } from '../shell/route';

const showScreen = 'demonstration';

export const isShowAddress = (hash: string): boolean => parseRoute(hash).screen === showScreen;

/** Shows what is prepared, from where the audience stopped. To be called while a key or a click is handled. */
export function startShow(): void {
  enterFullScreen();
  goTo(showScreen);
}

/** Shows the starter's result. To be called while a key or a click is handled. */
export async function showStarter(studio: Studio): Promise<void> {
  enterFullScreen();
  await studio.demonstration.getState().startFromStarter();
  goTo(showScreen);
}

/** @param part of the Compare screen that is gone to */
export function leaveShow({ demonstration }: Studio, part: 'demonstration' | 'report' = 'demonstration'): void {
  demonstration.getState().leave();
  leaveFullScreen();
  goTo('compare', part);
}
