/** The OpenAPI 3.1 document, made from the very schemas that validate (DESIGN §3). */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { MountedRoute } from './mount.ts';
import { DEFAULT_LIMIT, IDEMPOTENCY_KEY, mountedRoutes } from './mount.ts';
import { problemCodes } from './problem.ts';

const problem = z.object({
  type: z.string(),
  title: z.string(),
  title_en: z.string(),
  status: z.number(),
  code: z.string(),
  where: z.string().optional(),
  facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

const creatingHeaders = z.object({ 'idempotency-key': z.string().regex(IDEMPOTENCY_KEY) });

/** What a route takes as its body: JSON of its schema, or bytes of its types. */
function bodyOf({ body, rawTypes, limit = DEFAULT_LIMIT }: MountedRoute) {
  const description = `${limit} bytes at most`;
  if (rawTypes !== undefined) {
    const bytes = { type: 'string', format: 'binary' } as const;
    return {
      body: { description, content: Object.fromEntries(rawTypes.map((type) => [type, { schema: bytes }])) },
    };
  }
  return body === undefined
    ? {}
    : { body: { description, content: { 'application/json': { schema: body } } } };
}

/** What a route answers: JSON of its schema, a text, or a file to be saved. */
function answerOf({ summary, answer, textType, fileType }: MountedRoute) {
  if (fileType === undefined)
    return {
      description: summary,
      content: { [textType ?? 'application/json']: { schema: answer as z.ZodType } },
    };
  return {
    description: `${summary}(文件 file)`,
    headers: {
      'Content-Disposition': {
        description: 'attachment, with an ASCII name and a Chinese one (RFC 8187)',
        schema: { type: 'string' as const },
      },
      'Cache-Control': { schema: { type: 'string' as const, const: 'no-store' } },
    },
    content: { [fileType]: { schema: { type: 'string', format: 'binary' } as const } },
  };
}

const securityOf = (as: 'anyone' | 'officer' | 'owner'): Record<string, string[]>[] =>
  as === 'anyone' ? [] : [{ [as]: [] }];

/** The document of all routes mounted so far. */
export function openApiDocument(origin: string): unknown {
  const registry = new OpenAPIRegistry();
  for (const name of ['officer', 'owner'] as const) {
    registry.registerComponent('securitySchemes', name, {
      type: 'apiKey',
      in: 'cookie',
      name: `__Host-ov-${name}`,
    });
  }
  for (const spec of mountedRoutes()) {
    registry.registerPath({
      method: spec.method,
      path: spec.path.replace(/:([a-zA-Z]+)/g, '{$1}'),
      summary: spec.summary,
      security: securityOf(spec.as),
      request: {
        ...(spec.params === undefined ? {} : { params: spec.params as z.ZodObject }),
        ...(spec.query === undefined ? {} : { query: spec.query as z.ZodObject }),
        ...(spec.creates === true ? { headers: creatingHeaders } : {}),
        ...bodyOf(spec),
      },
      responses: {
        [spec.status ?? 200]: answerOf(spec),
        default: { description: '拒绝', content: { 'application/problem+json': { schema: problem } } },
      },
    });
  }
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: '业主决策电子表决 owners-vote', version: '1' },
    servers: [{ url: origin }],
  });
  return { ...document, 'x-problem-codes': problemCodes() };
}
