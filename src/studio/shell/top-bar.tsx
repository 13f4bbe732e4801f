/** @file The bar that stays: product, device, model, storage, and the promise that nothing leaves this PC. */
import { Box, CircleDotDashed, Cpu, HardDrive, ShieldCheck, TriangleAlert } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { formatBytes } from '../format';
import type { DevicePreference } from '../stores/model';
import { useStudio, useStudioState } from '../studio';
import { ChoiceInput } from './fields';

const preferences: readonly { id: DevicePreference; label: string }[] = [
  { id: 'auto', label: 'Automatic' },
  { id: 'webgpu', label: 'WebGPU' },
  { id: 'wasm', label: 'WASM (CPU)' },
];

function DeviceChip() {
  const { model } = useStudio();
  const device = useStudioState('model', (state) => state.device);
  const starting = useStudioState('model', (state) => state.starting);
  const preference = useStudioState('model', (state) => state.devicePreference);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isTrying = useStudioState('starter', (state) => state.progress !== null);
  const name = device === null ? (starting ? 'starting' : 'engine down') : device.device === 'webgpu' ? 'WebGPU' : 'WASM';
  return (
    <DialogTrigger>
      <Button className="chip" aria-label={`Device: ${name}`} data-testid="device-chip">
        <Cpu aria-hidden="true" />
        <span>{name}</span>
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body">
          <Heading slot="title">Device</Heading>
          {device === null ? (
            <p>{starting ? 'The engine is starting.' : 'The engine is not running.'}</p>
          ) : (
            <>
              <p data-testid="device-reason">{device.reason}</p>
              <p className="quiet">{device.description}</p>
            </>
          )}
          <ChoiceInput
            label="Run on"
            value={preference}
            options={preferences}
            isDisabled={isTraining || isTrying}
            help={isTraining || isTrying ? 'Not while training runs.' : 'A change restarts the engine and opens the model again.'}
            onChange={(id) => void model.getState().setDevicePreference(id as DevicePreference)}
          />
          <Button className="button" isDisabled={starting} onPress={() => void model.getState().restart()}>
            Restart the engine now
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function StorageChip() {
  const space = useStudioState('space', (state) => state.space);
  const hasStored = useStudioState('library', (state) => state.runs.length > 0);
  const hasPairs = useStudioState('dataset', (state) => state.rows.length > 0);
  if (space === null) return null;
  const isAtRisk = !space.persisted && (hasStored || hasPairs);
  return (
    <DialogTrigger>
      <Button className="chip" aria-label={`Storage: ${formatBytes(space.usedBytes)}${isAtRisk ? ', not protected' : ''}`}>
        <HardDrive aria-hidden="true" />
        <span>{formatBytes(space.usedBytes)}</span>
        {isAtRisk && <TriangleAlert className="chip-warning" aria-hidden="true" />}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body">
          <Heading slot="title">Storage on this PC</Heading>
          <p>Pairs, runs and adapters are kept in this browser. Model files are not copied.</p>
          {space.persisted ? (
            <p className="quiet">The browser has promised not to clear them by itself.</p>
          ) : (
            <p>
              The browser has not promised to keep them: it may clear them when the disk runs full. Download the adapters
              that you need; a bookmark of this page makes Chrome more likely to protect them.
            </p>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function TopBar() {
  const modelName = useStudioState('model', (state) => state.summary?.name ?? null);
  return (
    <header className="top-bar">
      <h1 className="product">
        <CircleDotDashed aria-hidden="true" /> Airlock
      </h1>
      <DeviceChip />
      <span className="bar-model" data-testid="bar-model">
        <Box aria-hidden="true" />
        <span>{modelName ?? 'no model'}</span>
      </span>
      <span className="bar-space" />
      <StorageChip />
      <span className="bar-promise" title="The page may connect to nothing but the place it was loaded from.">
        <ShieldCheck aria-hidden="true" />
        <span>
          <strong>0 bytes sent</strong> <span className="bar-promise-more">· nothing leaves this PC</span>
        </span>
      </span>
    </header>
  );
}
