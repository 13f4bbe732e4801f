/** @file The doctor's findings beside a run's charts: what was seen, and what to try. */
import { CircleAlert, Lightbulb, Stethoscope, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { StepMetrics } from '../../../run/metrics';
import { trainedConfigOf, type Run } from '../../plain/runs/run';
import { useText, type Text } from '../../text/text';
import {
  diagnose,
  hasSeenEnough,
  type Finding,
  type FindingKind,
  type FindingValues,
  type Patient,
  type Severity,
} from '../../plain/train/doctor';

const icons: Readonly<Record<Severity, typeof CircleAlert>> = {
  danger: CircleAlert,
  warning: TriangleAlert,
  hint: Lightbulb,
};

export function patientOf(run: Run, metrics: readonly StepMetrics[]): Patient {
  const { totalSteps, error, lengths = null, status, bestStep: keptStep = null } = run;
  return {
    ...{ config: trainedConfigOf(run), metrics, totalSteps, error, lengths, keptStep },
    hasEnded: status !== 'running',
  };
}

/** Says a finding in two sentences: what was seen in the run, and what to try, with this run or with the next. */
export function describeFinding<K extends FindingKind>(
  { kind, values }: { readonly kind: K; readonly values: FindingValues[K] },
  text: Text['doctor'],
  hasEnded: boolean,
): { readonly seen: string; readonly advice: string } {
  const { seen, advice } = text.findings[kind];
  return { seen: seen(values, hasEnded), advice: advice(values, hasEnded) };
}

function FindingNote({ finding, hasEnded }: { readonly finding: Finding; readonly hasEnded: boolean }) {
  const { doctor } = useText();
  const { kind, severity } = finding;
  const { seen, advice } = describeFinding(finding as Finding & { kind: FindingKind; values: never }, doctor, hasEnded);
  const Icon = icons[severity];
  return (
    <li className="doctor-finding" data-severity={severity} data-finding={kind}>
      <Icon aria-hidden="true" />
      <div>
        <p>
          <strong>{doctor.severity[severity]}.</strong> {seen}
        </p>
        <p className="doctor-advice">
          <strong>{doctor.try}</strong> {advice}
        </p>
      </div>
    </li>
  );
}

export function DoctorNotes({ patient }: { readonly patient: Patient }) {
  const { doctor } = useText();
  const { config, metrics, totalSteps, error, lengths, hasEnded, keptStep } = patient;
  const findings = useMemo(
    () => diagnose({ config, metrics, totalSteps, error, lengths, hasEnded, keptStep }),
    [config, metrics, totalSteps, error, lengths, hasEnded, keptStep],
  );
  if (findings.length === 0 && !hasSeenEnough(patient)) return null;
  return (
    <section className="doctor" aria-label={doctor.title} data-testid="doctor">
      {findings.length === 0 ? (
        <p className="quiet doctor-well">
          <Stethoscope aria-hidden="true" /> {doctor.nothing(metrics.length)}
        </p>
      ) : (
        <ul>
          {findings.map((finding) => (
            <FindingNote key={finding.kind} finding={finding} hasEnded={hasEnded} />
          ))}
        </ul>
      )}
    </section>
  );
}
