/** @file The result of the starter as it is kept; what it is the studio knows. */
import type { z } from '../core/zod';
import type { Shape } from './versioned';

export const starterResultShape = <Result>(schema: z.ZodType<Result>): Shape<Result> => ({
  name: "The starter's result",
  version: 1,
  migrations: {},
  schema,
});
