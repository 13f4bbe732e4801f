/**
 * @file The operator table, total over the closed set: shape rule, VJP, ONNX form, float64 kernel and test cases.
 */
import type { Operator, OperatorName } from '../operator';
import { attentionOperators } from './attention';
import { elementwise } from './elementwise';
import { fused } from './fused';
import { indexing } from './indexing';
import { layout } from './layout';
import { products } from './product';
import { quantized } from './quantized';
import { reductions } from './reduction';

export const operators: { readonly [K in OperatorName]: Operator<K> } = {
  ...elementwise,
  ...reductions,
  ...products,
  ...layout,
  ...indexing,
  ...quantized,
  ...attentionOperators,
  ...fused,
};
