import { z } from 'zod'
import { daemonApi } from './api.js'
import type { Endpoint } from './endpoint.js'
import { ErrorAnswer } from './error-answer.js'

type JsonObject = Record<string, unknown>

/** The OpenAPI 3.1 document of the HTTP API, made from the schemas that also parse its requests. */
export function createOpenApiDocument(version: string): JsonObject {
  const schemas: JsonObject = {}
  const paths: Record<string, JsonObject> = {}
  for (const [name, endpoint] of Object.entries<Endpoint>(daemonApi)) {
    const operations = (paths[endpoint.path] ??= {})
    operations[endpoint.method.toLowerCase()] = describeOperation(name, endpoint, schemas)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'subagent-mcp daemon', version },
    security: [{ token: [] }],
    paths,
    components: { schemas, securitySchemes: { token } },
  }
}

const token = {
  type: 'http',
  scheme: 'bearer',
  description:
    "The token in the daemon's token file. Every request over TCP needs it; the local socket needs none.",
}

function describeOperation(name: string, endpoint: Endpoint, schemas: JsonObject): JsonObject {
  const { summary, status, produces, method } = endpoint
  const input = (schema: z.ZodType): JsonObject => describeSchema(schema, 'input', schemas)
  const output = (schema: z.ZodType): JsonObject => describeSchema(schema, 'output', schemas)
  const parameters = [
    ...describeParameters('path', input(endpoint.params)),
    ...describeParameters('query', input(endpoint.query)),
  ]
  const body = { required: true, content: { 'application/json': { schema: input(endpoint.body) } } }
  return {
    operationId: name,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(method === 'POST' && { requestBody: body }),
    responses: {
      [status]: { description: summary, content: { [produces]: { schema: output(endpoint.answer) } } },
      default: {
        description: 'What went wrong',
        content: { 'application/json': { schema: output(ErrorAnswer) } },
      },
    },
  }
}

function describeParameters(place: 'path' | 'query', { properties, required }: JsonObject): JsonObject[] {
  const known = new Set(z.array(z.string()).default([]).parse(required))
  const shape = z.record(z.string(), z.unknown()).default({}).parse(properties)
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    in: place,
    required: known.has(name),
    schema,
  }))
}

/** Returns the JSON Schema of a zod schema. A schema with an id is added to `schemas` once, and a `$ref` to it is returned. */
function describeSchema(schema: z.ZodType, io: 'input' | 'output', schemas: JsonObject): JsonObject {
  const { $schema, $defs, ...rest } = rename(z.toJSONSchema(schema, { io }))
  Object.assign(schemas, $defs)
  const id = schema.meta()?.id
  if (id === undefined) return rest
  schemas[id] = rest
  return { $ref: `#/components/schemas/${id}` }
}

const JsonObject = z.record(z.string(), z.unknown())

function rename(schema: object): JsonObject {
  return JsonObject.parse(
    JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')),
  )
}
