/**
 * @file What outlives a call to the worker: one device and one open model on it. Calls borrow the model; while one
 * does, neither device nor model is replaced. Not here: what a call does with them (handlers/).
 */
import { UserError } from '../core/errors';
import { message, type Message } from '../messages/message';
import type { OpenedModel } from '../engine/open-model';
import type { Directory } from '../formats/checkpoint';
import { DecodeEngine } from '../generation/decode-engine';
import type { ModelShape } from '../models/stages';
import type { Grants } from '../run/memory-plan';
import type { DeviceSurroundings, OpenedDevice } from '../runtime/device';
import { openDevice } from '../runtime/device';
import type { TemplateChoice } from '../run/base-model';

/** The open model with what only the worker adds to it. */
export interface SessionModel extends OpenedModel {
  readonly decoding: DecodeEngine;
  readonly warnings: readonly Message[];
  /** The files that it was opened from. */
  readonly directory: Directory;
  /** The template chosen in place of the model's own; null where there is no choice. */
  readonly templateChoice: TemplateChoice | null;
}

/** The device and the model that the worker's calls share. */
export class EngineSession {
  #device: OpenedDevice | null = null;
  #model: SessionModel | null = null;
  /** Calls that use the open model; while there are any, it may not be replaced. */
  #users = 0;

  /** @param onLost called when the device is gone for good */
  constructor(
    readonly surroundings: DeviceSurroundings,
    private readonly onLost: (why: Message) => void,
  ) {}

  get device(): OpenedDevice {
    if (!this.#device) throw new Error('openDevice must come first.');
    return this.#device;
  }

  /** Lends the open model to a call until its work has ended. */
  async withModel<T>(work: (opened: SessionModel) => Promise<T>): Promise<T> {
    if (!this.#model) throw new UserError('noModelOpen');
    this.#users++;
    try {
      return await work(this.#model);
    } finally {
      this.#users--;
    }
  }

  /** Of the open model; null where none is open. */
  get shape(): ModelShape | null {
    return this.#model?.model.shape ?? null;
  }

  /** What the browser grants, as far as it tells. */
  get grants(): Grants {
    const { executor, bindingBytes } = this.device;
    return {
      device: executor.device === 'webgpu' ? 'webgpu' : 'wasm',
      memoryBytes: this.surroundings.memoryBytes ?? null,
      bindingBytes,
      takesFloat16: executor.takesFloat16,
      savesByRuntime: executor.gradient.savesByRuntime,
    };
  }

  /** @param refusal says what has to wait */
  refuseWhileInUse(refusal: 'deviceHasToWait' | 'modelHasToWait' | 'templateHasToWait'): void {
    if (this.#users > 0) throw new UserError(message(refusal));
  }

  /** Opens a device and closes the one before, its model with it; if opening fails, both stay. */
  async replaceDevice(prefer: 'auto' | 'webgpu' | 'wasm', afterLoss: boolean): Promise<OpenedDevice> {
    const opened = await openDevice(prefer, this.surroundings, afterLoss);
    await this.#closeModel();
    await this.#device?.executor.close();
    this.#device = opened;
    void opened.lost.then(this.onLost);
    return opened;
  }

  /** Takes an opened model in place of the one before, whose weights are freed. */
  async replaceModel(
    opened: OpenedModel & Pick<SessionModel, 'warnings' | 'directory'>,
    templateChoice: TemplateChoice | null,
  ): Promise<SessionModel> {
    await this.#closeModel();
    return (this.#model = { ...opened, decoding: new DecodeEngine(opened.model), templateChoice });
  }

  /** Changes what is said about the open model, whose weights stay. */
  changeModel(change: (opened: SessionModel) => SessionModel): SessionModel {
    if (!this.#model) throw new UserError('noModelOpen');
    return (this.#model = change(this.#model));
  }

  async #closeModel(): Promise<void> {
    await this.#model?.decoding.dispose();
    this.#model?.model.dispose();
    this.#model = null;
  }
}
