/** @file What the chosen model would need against what this device grants, and settings that fit where these do not. */
import { Button } from 'react-aria-components';
import { formatBytes } from '../../text/format';
import type { MemoryEstimate } from '../../../run/memory-plan';
import type { Candidate } from '../../stores/model-shelf';
import { PrecisionChoice } from './precision-choice';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

interface PlanProps {
  readonly candidate: Candidate;
}

/** Lists the bytes that each part of training needs, and their sum. */
function NeededBytes({ estimate }: { readonly estimate: MemoryEstimate }) {
  const { parts: text } = useText().model.plan;
  const parts: readonly (readonly [string, number])[] = [
    [text.weights, estimate.weights],
    [text.adapter, estimate.adapter_and_optimizer],
    [text.activations, estimate.activations],
    ...(estimate.answers > 0
      ? [[text.answers(estimate.answers_at_once, estimate.device === 'wasm'), estimate.answers] as const]
      : []),
    ...(estimate.judge > 0 ? [[text.judge, estimate.judge] as const] : []),
    [text.workspace, estimate.workspace],
    [text.total, estimate.total],
    ...(estimate.answering > estimate.total ? [[text.answering, estimate.answering] as const] : []),
  ];
  return (
    <dl className="facts">
      {parts.map(([name, bytes]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{formatBytes(bytes)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Says what the browser and this PC grant, as far as either tells. */
function GrantedBytes({ candidate }: PlanProps) {
  const { plan: text } = useText().model;
  const roomBytes = useStudioState('space', ({ space }) => space?.roomBytes ?? null);
  const { memoryBytes, bindingBytes } = candidate.inspection.plan.grants;
  const granted = [
    memoryBytes === null ? null : text.memory(memoryBytes),
    bindingBytes === null ? null : text.binding(bindingBytes),
    roomBytes === null ? null : text.storage(roomBytes),
  ].filter((sentence) => sentence !== null);
  if (granted.length === 0) return null;
  return (
    <p className="quiet">
      {text.granted}: {granted.join('; ')}.
    </p>
  );
}

function FittingPlan({ candidate: { isLoaded } }: PlanProps) {
  const { modelShelf } = useStudio();
  const { plan: text } = useText().model;
  const busy = useBusyReason();
  const isLoading = useStudioState('model', ({ loading }) => loading !== null);
  return (
    <div className="start-row">
      <p>{text.fits}</p>
      {!isLoaded && !isLoading && (
        <Button
          className="button button-primary"
          isDisabled={busy !== null}
          onPress={() => void modelShelf.getState().loadCandidate()}
        >
          {text.open}
        </Button>
      )}
    </div>
  );
}

/** Takes up the nearest settings that fit, or opens the model as it is, or leaves it. */
function ShortageActions({ candidate }: PlanProps) {
  const { modelShelf, training } = useStudio();
  const { plan: text } = useText().model;
  const busy = useBusyReason();
  const { isLoaded } = candidate;
  const { estimate, proposal } = candidate.inspection.plan;

  async function applyProposal({
    max_length,
    per_device_train_batch_size,
    gradient_checkpointing,
    precision,
  }: MemoryEstimate): Promise<void> {
    training.getState().setForm({
      max_length: String(max_length),
      per_device_train_batch_size: String(per_device_train_batch_size),
      ...(gradient_checkpointing && { gradient_checkpointing: 'on' }),
    });
    if (precision !== estimate.precision) await modelShelf.getState().choosePrecision(precision);
    if (!isLoaded) await modelShelf.getState().loadCandidate();
  }

  return (
    <div className="start-row">
      {proposal !== null && (
        <Button
          className="button button-primary"
          isDisabled={busy !== null}
          onPress={() => void applyProposal(proposal)}
        >
          {isLoaded ? text.useSettings : text.useProposal}
        </Button>
      )}
      {!isLoaded && (
        <>
          <Button
            className="button"
            isDisabled={busy !== null}
            onPress={() => void modelShelf.getState().loadCandidate()}
          >
            {text.openAnyway}
          </Button>
          <Button className="button" onPress={() => modelShelf.getState().dismissCandidate()}>
            {text.leave}
          </Button>
        </>
      )}
    </div>
  );
}

/** Says what the model lacks on this device, and which settings would fit. */
function Shortages({ candidate }: PlanProps) {
  const { plan: text } = useText().model;
  const { shortages, proposal } = candidate.inspection.plan;
  return (
    <div className="note note-warning">
      <div className="note-body">
        {shortages.map((shortage) => (
          <p key={shortage.kind}>{text.short(shortage)}</p>
        ))}
        <p>
          {proposal === null
            ? text.noProposal
            : text.proposal(
                proposal.max_length,
                proposal.per_device_train_batch_size,
                proposal.precision,
                proposal.gradient_checkpointing,
              )}
        </p>
        <ShortageActions candidate={candidate} />
      </div>
    </div>
  );
}

export function MemoryPlanView({ candidate }: PlanProps) {
  const { plan: text } = useText().model;
  const { plan } = candidate.inspection;
  const { estimate } = plan;
  return (
    <section className="memory-plan" aria-labelledby="memory-plan" data-testid="memory-plan">
      <h3 id="memory-plan">{text.title(candidate.name)}</h3>
      {plan.shortages.length === 0 ? <FittingPlan candidate={candidate} /> : <Shortages candidate={candidate} />}
      <p className="quiet">
        {text.settings(estimate.max_length, estimate.per_device_train_batch_size, estimate.lora_r, estimate.precision)}
      </p>
      <NeededBytes estimate={estimate} />
      <PrecisionChoice plan={plan} />
      {estimate.gradient_checkpointing && <p className="quiet">{text.recompute}</p>}
      <GrantedBytes candidate={candidate} />
    </section>
  );
}
