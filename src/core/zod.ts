/**
 * @file zod, as all of Airlock uses it: without code made at run time. The page's content security policy forbids such
 * code, and zod's attempt to make some would show as a violation.
 */
import { z } from 'zod';

z.config({ jitless: true });

export { z };
