/** @file The page: top bar, steps, and the five sections in the order of the work. */
import { CompareSection } from './compare/compare-section';
import { DataSection } from './data/data-section';
import { ModelSection } from './model/model-section';
import { RunsSection } from './runs/runs-section';
import { EngineDown } from './shell/engine-down';
import { Notices } from './shell/notices';
import { StepRail } from './shell/step-rail';
import { TopBar } from './shell/top-bar';
import { TrainSection } from './train/train-section';

export function App({ lacks }: { readonly lacks: readonly string[] }) {
  return (
    <>
      <a className="skip-link" href="#model">
        Skip to the work
      </a>
      <TopBar />
      <div className="frame">
        <StepRail />
        <main>
          <EngineDown />
          {lacks.map((lack) => (
            <p key={lack} className="note note-warning">
              {lack}
            </p>
          ))}
          <ModelSection />
          <DataSection />
          <TrainSection />
          <CompareSection />
          <RunsSection />
        </main>
      </div>
      <Notices />
    </>
  );
}
