/**
 * @file Writes a stage as an ONNX model (opset 18, IR version 8), the bytes that onnxruntime takes.
 * Field numbers are those of onnx.proto3. Values are named by their id, inputs and outputs by their stage names.
 */
import type { DType } from '../core/dtype';
import { bytesPerElement } from '../core/dtype';
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import type { OnnxAttribute, OnnxVector, Operator, OperatorName } from './operator';
import { onnxDataTypes } from './operator';
import { operators } from './operators/index';
import { ProtobufWriter } from './protobuf';
import { planStage } from './stage';
import type { Node, OpenSizes, Stage, Value } from './value';

const opsetVersion = 18;
const irVersion = 8;

/** The numbers of AttributeProto.AttributeType. */
const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;

function packElements(data: readonly number[], dtype: DType): Uint8Array {
  const view = new DataView(new ArrayBuffer(data.length * bytesPerElement[dtype]));
  data.forEach((value, i) => {
    if (dtype === 'float32') view.setFloat32(4 * i, value, true);
    else if (dtype === 'int32') view.setInt32(4 * i, value, true);
    else if (dtype === 'int64') view.setBigInt64(8 * i, BigInt(value), true);
    else if (dtype === 'bool' || dtype === 'uint8') view.setUint8(i, value);
    else throw new Error(`A ${dtype} constant is not supported.`);
  });
  return new Uint8Array(view.buffer);
}

function writeTensor(w: ProtobufWriter, name: string, dtype: DType, shape: Shape, raw: Uint8Array): void {
  for (const dim of shape) w.int(1, dim);
  w.int(2, onnxDataTypes[dtype]).string(8, name).bytes(9, raw);
}

function writeValueInfo(w: ProtobufWriter, name: string, value: Value, open: OpenSizes): void {
  w.string(1, name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.int(1, onnxDataTypes[value.dtype]).message(2, (shape) => {
        for (const dim of value.shape) {
          const name = open[dim];
          shape.message(1, (d) => void (name === undefined ? d.int(1, dim) : d.string(2, name)));
        }
      }),
    ),
  );
}

function writeAttribute(w: ProtobufWriter, name: string, value: OnnxAttribute): void {
  w.string(1, name);
  if (typeof value === 'string') w.string(4, value).int(20, attributeTypes.string);
  else if (typeof value === 'number') w.int(3, value).int(20, attributeTypes.int);
  else if ('float' in value) w.float(2, value.float).int(20, attributeTypes.float);
  else {
    for (const item of value) w.int(8, item);
    w.int(20, attributeTypes.ints);
  }
}

/**
 * Tensors that are baked into the model in place of the inputs of the same names; bytes are little-endian, row-major.
 */
export type Initializers = Readonly<Record<string, Uint8Array>>;

/** What nodes are written with: names of values, vectors of integers by name, sizes left open. */
interface Names {
  readonly nameOf: (value: Value) => string;
  readonly vectors: Map<string, OnnxVector>;
  readonly open: OpenSizes;
}

/**
 * Puts ONNX's -1 in the place of an open size of a reshape's target.
 * @throws Error where another operator names the size, or a target has two
 */
function leaveOpen({ op, outputs }: Node, vector: readonly number[], open: OpenSizes): readonly number[] {
  const count = vector.filter((dim) => Object.hasOwn(open, dim)).length;
  if (count === 0) return vector;
  if (op !== 'Reshape' || count > 1)
    throw new Error(
      `${op} to [${outputs[0]?.shape.join(', ') ?? ''}] cannot leave ${Object.values(open).join(', ')} open.`,
    );
  return vector.map((dim) => (Object.hasOwn(open, dim) ? -1 : dim));
}

/** Writes the node as ONNX has it, and collects in `vectors` the integers (axes, shapes) that it takes as inputs. */
function writeNode(graph: ProtobufWriter, node: Node, { nameOf, vectors, open }: Names): void {
  const operator = operators[node.op] as unknown as Operator<OperatorName>;
  const form = operator.onnx(node.attributes, node.outputs, node.inputs);
  if ('none' in form) throw new Error(`${node.op} has no ONNX form: ${form.none}.`);
  const nameVector = (vector: OnnxVector): string => {
    const name = `${vector.dtype}_${vector.data.join('_')}`;
    vectors.set(name, vector);
    return name;
  };
  const extra = (form.extraInputs ?? []).map((sizes): OnnxVector => {
    return { dtype: 'int64', data: leaveOpen(node, sizes, open) };
  });
  const inputs = [...(form.inputs ?? node.inputs.keys()), ...extra].map((input) => {
    if (input === null) return '';
    return typeof input === 'number' ? nameOf(node.inputs[input] as Value) : nameVector(input);
  });
  graph.message(1, (n) => {
    for (const name of inputs) n.string(1, name);
    for (const output of node.outputs) n.string(2, nameOf(output));
    n.string(4, form.type ?? node.op);
    if (form.domain) n.string(7, form.domain);
    for (const [name, value] of Object.entries(form.attributes ?? {}))
      n.message(5, (a) => writeAttribute(a, name, value));
  });
}

/** Writes an input of the stage, or in its place the tensor that is baked in under its name. */
function writeInput(graph: ProtobufWriter, stage: Stage, name: string, raw: Uint8Array | undefined): void {
  const value = stage.inputs[name] as Value;
  if (!raw) {
    graph.message(11, (info) => writeValueInfo(info, name, value, stage.open ?? {}));
    return;
  }
  if (raw.length !== sizeOf(value.shape) * bytesPerElement[value.dtype]) {
    throw new Error(
      `Stage '${stage.name}': the initializer '${name}' holds ${raw.length} bytes, not [${value.shape.join(', ')}].`,
    );
  }
  graph.message(5, (t) => writeTensor(t, name, value.dtype, value.shape, raw));
}

/**
 * Writes the stage's nodes, its constants and its inputs and outputs as one ModelProto.
 * @throws Error where an initializer is not of its input's size
 */
export function writeOnnx(stage: Stage, initializers: Initializers = {}): Uint8Array<ArrayBuffer> {
  const plan = planStage(stage);
  const { open = {} } = stage;
  const names = new Map(Object.entries(stage.inputs).map(([name, value]) => [value, name]));
  for (const [name, value] of Object.entries(stage.outputs)) {
    if (value.source.kind === 'node' && !names.has(value)) names.set(value, name);
  }
  const nameOf = (value: Value): string => names.get(value) ?? `v${value.id}`;
  return new ProtobufWriter()
    .int(1, irVersion)
    .string(2, 'airlock')
    .message(7, (graph) => {
      const vectors = new Map<string, OnnxVector>();
      for (const node of plan.nodes) writeNode(graph, node, { nameOf, vectors, open });
      // An output that is an input, a constant or another output under a second name is passed through Identity.
      for (const [name, value] of Object.entries(stage.outputs)) {
        if (nameOf(value) === name) continue;
        graph.message(1, (n) => n.string(1, nameOf(value)).string(2, name).string(4, 'Identity'));
      }
      graph.string(2, stage.name);
      for (const constant of plan.constants) {
        if (constant.source.kind !== 'constant') continue;
        const raw = packElements(constant.source.data, constant.dtype);
        graph.message(5, (t) => writeTensor(t, nameOf(constant), constant.dtype, constant.shape, raw));
      }
      for (const [name, { dtype, data }] of vectors)
        graph.message(5, (t) => writeTensor(t, name, dtype, [data.length], packElements(data, dtype)));
      for (const name of plan.usedInputs) writeInput(graph, stage, name, initializers[name]);
      for (const [name, value] of Object.entries(stage.outputs))
        graph.message(12, (info) => writeValueInfo(info, name, value, open));
    })
    .message(8, (opset) => opset.int(2, opsetVersion))
    .message(8, (opset) => opset.string(1, 'com.microsoft').int(2, 1))
    .finish();
}
