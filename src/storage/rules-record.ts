/** @file The rules of one's own as they are kept, one record a data set; what stands in them is the studio's form. */
import type { z } from '../core/zod';
import type { Shape } from './versioned';

export const rulesShape = <Rules>(schema: z.ZodType<Rules>): Shape<Rules> => ({
  name: "A data set's rules",
  version: 1,
  migrations: {},
  schema,
  fillsIn: true,
});
