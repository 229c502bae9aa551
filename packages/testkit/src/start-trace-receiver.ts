import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

/** A span that an exporter sent. Times are Unix milliseconds; `resource` has the attributes of the sender. */
export type ReceivedSpan = {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string | undefined
  start: number
  end: number
  attributes: Attributes
  resource: Attributes
  /** The message of the error; empty for an error without one, and missing for a span without an error. */
  error?: string
}

type Attributes = Readonly<Record<string, unknown>>

/** A receiver of OTLP over HTTP with JSON, as a collector has one. */
export type TraceReceiver = {
  /** The value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string
  /** The received spans, the earliest start first. */
  spans(): readonly ReceivedSpan[]
  /** The names of the received spans, each indented below its parent; siblings by their start. */
  tree(): string
  close(): Promise<void>
}

/** Starts a receiver on a free port of the loopback. Other bodies than OTLP in JSON are refused with 400. */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  let received: readonly ReceivedSpan[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const read = Traces.safeParse(request.url === '/v1/traces' ? parsed(body) : undefined)
      if (read.success) received = [...received, ...spansIn(read.data)]
      response.writeHead(read.success ? 200 : 400, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const spans = (): readonly ReceivedSpan[] => received.toSorted((one, other) => one.start - other.start)
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    spans,
    tree: () => treeOf(spans()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function treeOf(spans: readonly ReceivedSpan[]): string {
  const linesBelow = (parent: string | undefined, indent: string): string[] =>
    spans
      .filter(({ parentSpanId }) => parentSpanId === parent)
      .flatMap(({ name, spanId }) => [`${indent}${name}`, ...linesBelow(spanId, `${indent}  `)])
  const known = new Set(spans.map(({ spanId }) => spanId))
  const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined || !known.has(parentSpanId))
  return roots.flatMap(({ name, spanId }) => [name, ...linesBelow(spanId, '  ')]).join('\n')
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined // answered with 400
  }
}

const AttributeList = z
  .array(z.object({ key: z.string(), value: z.record(z.string(), z.unknown()) }))
  .default([])
  .transform((list) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]])))

const nanoseconds = z.string().transform((time) => Number(BigInt(time) / 1_000_000n))

const Span = z.object({
  name: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: AttributeList,
  status: z.object({ code: z.number().optional(), message: z.string().optional() }).optional(),
})

const Traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: AttributeList }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
})

/** The status code of a span that stands for an error. */
const errorCode = 2

function spansIn({ resourceSpans }: z.output<typeof Traces>): readonly ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ startTimeUnixNano: start, endTimeUnixNano: end, status, ...span }) => ({
        ...span,
        start,
        end,
        resource: resource.attributes,
        ...(status?.code === errorCode && { error: status.message ?? '' }),
      })),
    ),
  )
}
