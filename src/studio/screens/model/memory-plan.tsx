/** @file What the chosen model would need against what this device grants, and settings that fit where these do not. */
import { Button } from 'react-aria-components';
import { formatBytes } from '../../text/format';
import type { MemoryEstimate } from '../../../worker/protocol';
import type { Candidate } from '../../stores/models';
import { PrecisionChoice } from './precision-choice';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function MemoryPlan({ candidate }: { readonly candidate: Candidate }) {
  const { models, training } = useStudio();
  const { plan: text } = useText().model;
  const roomBytes = useStudioState('space', ({ space }) => space?.roomBytes ?? null);
  const busy = useBusyReason();
  const isLoading = useStudioState('model', ({ loading }) => loading !== null);
  const { isLoaded } = candidate;
  const { estimate, grants, shortages, proposal } = candidate.inspection.plan;
  const parts: readonly (readonly [string, number])[] = [
    [text.parts.weights, estimate.weights],
    [text.parts.adapter, estimate.adapter_and_optimizer],
    [text.parts.activations, estimate.activations],
    [text.parts.workspace, estimate.workspace],
    [text.parts.total, estimate.total],
    ...(estimate.answering > estimate.total ? [[text.parts.answering, estimate.answering] as const] : []),
  ];
  const granted = [
    grants.memoryBytes === null ? null : text.memory(grants.memoryBytes),
    grants.bindingBytes === null ? null : text.binding(grants.bindingBytes),
    roomBytes === null ? null : text.storage(roomBytes),
  ].filter((sentence) => sentence !== null);

  async function takeProposal({
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
    if (precision !== estimate.precision) await models.getState().choosePrecision(precision);
    if (!isLoaded) await models.getState().loadCandidate();
  }

  return (
    <section className="memory-plan" aria-labelledby="memory-plan" data-testid="memory-plan">
      <h3 id="memory-plan">{text.title(candidate.name)}</h3>
      <p className="quiet">
        {text.settings(estimate.max_length, estimate.per_device_train_batch_size, estimate.lora_r, estimate.precision)}
      </p>
      <dl className="facts">
        {parts.map(([name, bytes]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatBytes(bytes)}</dd>
          </div>
        ))}
      </dl>
      <PrecisionChoice plan={candidate.inspection.plan} />
      {estimate.gradient_checkpointing && <p className="quiet">{text.recompute}</p>}
      {granted.length > 0 && (
        <p className="quiet">
          {text.granted}: {granted.join('; ')}.
        </p>
      )}
      {shortages.length === 0 ? (
        <div className="start-row">
          <p>{text.fits}</p>
          {!isLoaded && !isLoading && (
            <Button
              className="button button-primary"
              isDisabled={busy !== null}
              onPress={() => void models.getState().loadCandidate()}
            >
              {text.open}
            </Button>
          )}
        </div>
      ) : (
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
            <div className="start-row">
              {proposal !== null && (
                <Button
                  className="button button-primary"
                  isDisabled={busy !== null}
                  onPress={() => void takeProposal(proposal)}
                >
                  {isLoaded ? text.useSettings : text.useProposal}
                </Button>
              )}
              {!isLoaded && (
                <>
                  <Button
                    className="button"
                    isDisabled={busy !== null}
                    onPress={() => void models.getState().loadCandidate()}
                  >
                    {text.openAnyway}
                  </Button>
                  <Button className="button" onPress={() => models.getState().dismissCandidate()}>
                    {text.leave}
                  </Button>
                </>
              )}
            </div>
          </div>
        </div>
      )}
    </section>
  );
}
