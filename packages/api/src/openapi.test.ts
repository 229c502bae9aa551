import { expect, test } from 'vitest'
import { z } from 'zod'
import { daemonApi } from './api.js'
import { createOpenApiDocument } from './openapi.js'

const Operation = z.strictObject({
  operationId: z.string(),
  summary: z.string(),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        schema: z.looseObject({}),
      }),
    )
    .optional(),
  requestBody: z
    .strictObject({ required: z.literal(true), content: z.record(z.string(), z.looseObject({})) })
    .optional(),
  responses: z.record(
    z.string().regex(/^(\d{3}|default)$/),
    z.strictObject({
      description: z.string(),
      content: z.record(z.string(), z.strictObject({ schema: z.looseObject({}) })),
    }),
  ),
})

const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.literal('1.2.3') }),
  paths: z.record(
    z.string().startsWith('/v1/'),
    z.partialRecord(z.enum(['get', 'post', 'delete']), Operation),
  ),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  components: z.strictObject({
    schemas: z.record(z.string(), z.looseObject({})),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.string(), scheme: z.string() })),
  }),
})

const document = createOpenApiDocument('1.2.3')

test('the OpenAPI document has each endpoint, with its parameters and body', () => {
  const { paths } = Document.parse(document)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
    Object.keys(daemonApi).toSorted(),
  )
  for (const { path, method, parameters = [], requestBody } of operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path' && parameter.required)
    expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
    expect(requestBody !== undefined).toBe(method === 'post')
  }
  const events = operations.find(({ operationId }) => operationId === 'events')
  expect(events?.parameters).toMatchObject([
    { name: 'agent', in: 'query', required: false },
    { name: 'after', in: 'query', required: false },
    { name: 'follow', in: 'query', required: false },
  ])
})

test('every operation needs the bearer token, as the daemon does over TCP', () => {
  const { security, components } = Document.parse(document)
  expect(security).toEqual([{ token: [] }])
  expect(components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } })
})

test('each reference has a target, and each named schema is defined once', () => {
  const { components } = Document.parse(document)
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target)
  const named = [
    ...['AgentSummary', 'Batch', 'ErrorAnswer', 'KnownAgent', 'Message'],
    ...['PendingQuestion', 'PermissionRecord', 'PooledProcess', 'Thread', 'Worker'],
  ]
  expect(Object.keys(components.schemas).toSorted()).toEqual(named)
  expect(new Set(references)).toEqual(new Set(named.map((name) => `#/components/schemas/${name}`)))
  expect(JSON.stringify(document).match(/queuedMessages"/g)).toHaveLength(2)
})

test('a request body refuses unknown keys, and an answer may have them', () => {
  const text = JSON.stringify(document)
  expect(text).toContain('"additionalProperties":false')
  expect(JSON.stringify(Document.parse(document).components)).not.toContain('"additionalProperties":false')
})
