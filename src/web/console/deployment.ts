/** What the console asks of the deployment: its relying party and its time. */
import type { Answer } from '../kit/api.ts';
import { call } from '../kit/api.ts';

export type Deployment = {
  readonly rpId: string;
  readonly demoRoot: boolean;
  /** RFC 3339. */
  readonly now: string;
};

export const readDeployment = (): Promise<Answer<Deployment>> => call<Deployment>('GET', '/v1/deployment');
