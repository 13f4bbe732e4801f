/** @file The bar that stays: device, memory, model, storage, what was sent; language, colours and help. */
import {
  Archive,
  Box,
  CircleDotDashed,
  CircleHelp,
  Cpu,
  HardDrive,
  MemoryStick,
  Monitor,
  Moon,
  Sun,
  TriangleAlert,
} from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Label, Popover, Radio, RadioGroup } from 'react-aria-components';
import { formatBytes, formatCount } from '../../text/format';
import { languages, preferences, themes, usePreference, type Language, type Theme } from '../../text/preferences';
import { heldBytes } from '../../stores/memory';
import type { DevicePreference } from '../../stores/open-model';
import { dueBackup } from '../../stores/backup-reminder';
import { useStudio, useStudioState, useStudioStates } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { ChoiceInput } from './fields';
import { addressOf } from './route';
import { RunChip } from './run-chip';
import { Terms } from './term';
import { ThisPage } from './this-page';
import { SelfTest } from './self-test';
import { SentChip } from './sent-chip';
import { SetAsideList } from './set-aside-list';

/** How fast the GPU multiplied at its trial, and by which variant. */
function DeviceProducts() {
  const text = useText().shell.device;
  const adapter = useStudioState('model', (state) => state.device?.adapter);
  const choice = useStudioState('model', (state) => (adapter === undefined ? undefined : state.products[adapter]));
  if (choice === undefined) return null;
  return (
    <p className="quiet" data-testid="device-products">
      {text.products(formatCount(Math.round(choice.gflops)))}{' '}
      <small>({text.productsTerm(choice.variant, choice.savingPass)})</small>
    </p>
  );
}

function DeviceChip() {
  const { model } = useStudio();
  const text = useText().shell.device;
  const said = useSaid();
  const device = useStudioState('model', (state) => state.device);
  const starting = useStudioState('model', (state) => state.starting);
  const preference = useStudioState('model', (state) => state.devicePreference);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isTrying = useStudioState('starter', (state) => state.progress !== null);
  const name =
    device === null ? (starting ? text.starting : text.down) : device.device === 'webgpu' ? 'WebGPU' : 'WASM';
  const preferred = (['auto', 'webgpu', 'wasm'] as const).map((id) => ({ id, label: text[id] }));
  return (
    <DialogTrigger>
      <Button className="chip" aria-label={text.chip(name)} data-testid="device-chip">
        <Cpu aria-hidden="true" />
        <span>{name}</span>
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body">
          <Heading slot="title">{text.title}</Heading>
          {device === null ? (
            <p>{starting ? text.isStarting : text.isDown}</p>
          ) : (
            <>
              <p data-testid="device-reason">{said(device.reason)}</p>
              <p className="quiet">{said(device.description)}</p>
              <DeviceProducts />
              <Terms ids={['wasm', 'webgpu']} />
            </>
          )}
          <ChoiceInput
            label={text.runOn}
            value={preference}
            options={preferred}
            isDisabled={isTraining || isTrying}
            help={isTraining || isTrying ? text.notWhileTraining : text.help}
            onChange={(id) => void model.getState().setDevicePreference(id as DevicePreference)}
          />
          <Button className="button" isDisabled={starting} onPress={() => void model.getState().restart()}>
            {text.restartNow}
          </Button>
          <ThisPage />
          <SelfTest />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function MemoryChip() {
  const text = useText().shell.memory;
  const report = useStudioState('memory', (state) => state.report);
  const isGpu = useStudioState('model', (state) => state.device?.device === 'webgpu');
  if (report === null) return null;
  const size = formatBytes(heldBytes(report));
  const parts = [
    [text.device(isGpu), report.deviceBytes],
    [text.wasmHeap, report.wasmHeapBytes],
    [text.jsHeap, report.jsHeapBytes],
  ] as const;
  return (
    <DialogTrigger>
      <Button className="chip" aria-label={text.chip(size)} data-testid="memory-chip">
        <MemoryStick aria-hidden="true" />
        <span>{size}</span>
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body">
          <Heading slot="title">{text.title}</Heading>
          <p>{text.lead}</p>
          <dl className="sums">
            {parts.map(([name, bytes]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{formatBytes(bytes)}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function StorageChip() {
  const text = useText().shell.storage;
  const space = useStudioState('space', (state) => state.space);
  const hasStored = useStudioState('library', (state) => state.runs.length > 0);
  const hasPairs = useStudioState('dataset', (state) => state.rows.length > 0);
  const setAside = useStudioState('setAside', (state) => state.records.length);
  const { chip } = useText().setAside;
  if (space === null) return null;
  const isAtRisk = !space.persisted && (hasStored || hasPairs);
  const size = formatBytes(space.usedBytes);
  return (
    <DialogTrigger>
      <Button
        className="chip"
        aria-label={[text.chip(size, isAtRisk), ...(setAside > 0 ? [chip(setAside)] : [])].join(', ')}
        data-testid="storage-chip"
      >
        <HardDrive aria-hidden="true" />
        <span>{size}</span>
        {(isAtRisk || setAside > 0) && <TriangleAlert className="chip-warning" aria-hidden="true" />}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body">
          <Heading slot="title">{text.title}</Heading>
          <p>{text.lead}</p>
          <p className={space.persisted ? 'quiet' : ''}>{space.persisted ? text.persisted : text.atRisk}</p>
          <SetAsideList />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function RecordsChip() {
  const { open } = useText().records;
  const states = useStudioStates();
  const isDue = dueBackup(states) !== null;
  return (
    <a className="chip chip-icon" href={addressOf('records')} aria-label={open} title={open} data-testid="records-chip">
      <Archive aria-hidden="true" />
      {isDue && <TriangleAlert className="chip-warning" aria-hidden="true" />}
    </a>
  );
}

/** What the office wants to stand on every screen. */
function GradeLabel() {
  const label = useStudioState('audit', (state) => state.office.label);
  return label === null ? null : (
    <strong className="bar-grade" data-testid="grade-label">
      {label}
    </strong>
  );
}

function LanguageSwitch() {
  const { label, names } = useText().shell.language;
  const language = usePreference('language');
  return (
    <RadioGroup
      className="segments"
      orientation="horizontal"
      aria-label={label}
      value={language}
      onChange={(chosen) => preferences.setState({ language: chosen as Language })}
    >
      {languages.map((id) => (
        <Radio key={id} className="segment" value={id}>
          <span lang={id}>{names[id]}</span>
        </Radio>
      ))}
    </RadioGroup>
  );
}

const themeIcons = { system: Monitor, light: Sun, dark: Moon };

function ThemeChip() {
  const { label, chip, names } = useText().shell.theme;
  const theme = usePreference('theme');
  const Icon = themeIcons[theme];
  return (
    <DialogTrigger>
      <Button className="chip chip-icon" aria-label={chip(names[theme])}>
        <Icon aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body" aria-label={label}>
          <RadioGroup
            className="stacked-radios"
            value={theme}
            onChange={(chosen) => preferences.setState({ theme: chosen as Theme })}
          >
            <Label>{label}</Label>
            {themes.map((id) => (
              <Radio key={id} className="radio" value={id}>
                {names[id]}
              </Radio>
            ))}
          </RadioGroup>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

export function TopBar({ onHelp }: { readonly onHelp: () => void }) {
  const { common, shell } = useText();
  const modelName = useStudioState('model', (state) => state.summary?.name ?? null);
  return (
    <header className="top-bar">
      <h1 className="product">
        <CircleDotDashed aria-hidden="true" /> {common.airlock}
      </h1>
      <DeviceChip />
      <MemoryChip />
      <span className="bar-model" data-testid="bar-model">
        <Box aria-hidden="true" />
        <span>{modelName ?? shell.model.none}</span>
      </span>
      <GradeLabel />
      <span className="bar-space" />
      <RunChip />
      <StorageChip />
      <SentChip />
      <RecordsChip />
      <LanguageSwitch />
      <ThemeChip />
      <Button className="chip chip-icon" aria-label={shell.help.open} onPress={onHelp}>
        <CircleHelp aria-hidden="true" />
      </Button>
    </header>
  );
}
