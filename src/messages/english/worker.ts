/** @file What the engine's worker says. */
export const worker = {
  noModelOpen: 'No model is open; choose a model directory first.',
  deviceHasToWait: 'Another device has to wait: the open model is training or answering. Stop that first.',
  modelHasToWait: 'Another model has to wait: the open model is training or answering. Stop that first.',
  templateHasToWait: 'Another template has to wait: the open model is training or answering. Stop that first.',
};
