import { createOpenApiDocument } from '@subagent-mcp/api'
import { z } from 'zod'

const Schema = z.looseObject({
  type: z.string().optional(),
  description: z.string().default(''),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  $ref: z.string().optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), Schema).optional()
  },
  get items() {
    return z.union([z.boolean().transform(() => undefined), Schema]).optional()
  },
  get anyOf() {
    return z.array(Schema).optional()
  },
})
type Schema = z.infer<typeof Schema>

const Content = z.object({ content: z.record(z.string(), z.object({ schema: Schema })) })
const Operation = z.object({
  summary: z.string(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: Schema }))
    .default([]),
  requestBody: Content.optional(),
  responses: z.record(z.string(), Content),
})
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
})

/** Returns the page of the HTTP API: every endpoint with its parameters, body and answer, and the objects that they share. */
export function httpPage(version: string): string {
  const { paths, components } = Document.parse(createOpenApiDocument(version))
  return [
    '# HTTP API',
    'Every endpoint of the daemon, made from the schemas that parse its requests.',
    'How to connect: [Use HTTP](/http). The same as an OpenAPI document: [openapi.json](/openapi.json){target="_self"}, or `GET /v1/openapi.json` of a running daemon.',
    ...Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) =>
        describeOperation(`${method.toUpperCase()} ${path}`, operation),
      ),
    ),
    '## Shared objects',
    ...Object.entries(components.schemas).map(([name, schema]) => `### ${name}\n\n${fieldsTable(schema)}`),
    '',
  ].join('\n\n')
}

function describeOperation(
  title: string,
  { summary, parameters, requestBody, responses }: z.infer<typeof Operation>,
): string {
  const [status = '', answer] = Object.entries(responses)[0] ?? []
  const fields = parameters.map((parameter) => ({
    ...parameter,
    name: `${parameter.name} (${parameter.in})`,
  }))
  const body = schemaOf(requestBody)
  return [
    `## \`${title}\``,
    `${summary}.`,
    ...(fields.length > 0 ? [table('parameter', fields)] : []),
    ...(body ? ['The body of the request:', fieldsTable(body)] : []),
    `Answers with ${status}:`,
    fieldsTable(schemaOf(answer) ?? Schema.parse({})),
  ].join('\n\n')
}

function schemaOf(content: z.infer<typeof Content> | undefined): Schema | undefined {
  return Object.values(content?.content ?? {})[0]?.schema
}

/** The fields of an object, or what stands in place of an object. */
function fieldsTable(schema: Schema): string {
  const { properties, required } = schema
  if (!properties) return typeOf(schema)
  const fields = Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    schema: field,
  }))
  return fields.length === 0 ? 'an empty object' : table('field', fields)
}

function table(
  title: string,
  fields: readonly { name: string; required: boolean; schema: Schema }[],
): string {
  const rows = fields.map(({ name, required, schema }) =>
    [`\`${name}\`${required ? '' : ', optional'}`, typeOf(schema), escape(schema.description)].join(' | '),
  )
  return [`| ${title} | type | meaning |`, '|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n')
}

function typeOf({ type, enum: words, const: word, $ref, items, anyOf, properties }: Schema): string {
  if ($ref !== undefined) return sharedLink($ref)
  if (anyOf) return [...new Set(anyOf.map(typeOf))].join(' or ')
  if (words) return words.map((each) => `\`${String(each)}\``).join(', ')
  if (word !== undefined) return `\`${JSON.stringify(word)}\``
  if (items) return `list of ${typeOf(items)}`
  if (properties)
    return `object: ${Object.keys(properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`
  return type ?? 'anything'
}

function sharedLink(reference: string): string {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  return `[${name}](#${name.toLowerCase()})`
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('{{', '{ {')
}
