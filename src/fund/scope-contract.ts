/** The wire type of who bears a cost: everybody, some buildings, or some units (SPEC 5). */
import { z } from 'zod';
import { lineText } from '../officers/contract.ts';

export const scopeBody = z.strictObject({
  kind: z.enum(['community', 'buildings', 'units']),
  members: z.array(lineText(200)).max(20_000),
});
