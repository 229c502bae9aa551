import { diag, DiagLogLevel } from '@opentelemetry/api'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { once } from '@subagent-mcp/contract'
import type { Runtime } from '@subagent-mcp/runtime'
import { traceAgents } from '@subagent-mcp/runtime/traces'
import type { TracedProcess } from './start-trace-export.js'

/**
 * Sends the traces of a runtime's agents, until the returned function is called, which sends the last ones. Endpoint, headers, time
 * limits, sampler and resource are those of the `OTEL_*` variables, which the SDK reads. Loaded only with such variables.
 */
export function exportTraces(
  runtime: Pick<Runtime, 'supervisor'>,
  { environment, version, log }: TracedProcess,
): () => Promise<void> {
  const exporter = exporterFor(environment)
  const onProblem = once((problem: unknown) => {
    const why = problem instanceof Error ? problem.message : String(problem)
    log(`traces cannot be sent: ${why}; further problems are not logged`)
  })
  const drop = (): void => undefined
  const logger = { error: onProblem, warn: drop, info: drop, debug: drop, verbose: drop }
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true })
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'subagent-mcp', 'service.version': version }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  const stopSpans = traceAgents(runtime, { provider, onProblem })
  return async () => {
    stopSpans()
    await provider.shutdown().catch(onProblem)
  }
}

/** Creates the exporter for the protocol that the variables name. @throws Error for another one than OTLP over HTTP */
function exporterFor(environment: NodeJS.ProcessEnv): SpanExporter {
  const protocol =
    environment['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL'] ??
    environment['OTEL_EXPORTER_OTLP_PROTOCOL'] ??
    'http/protobuf'
  if (protocol === 'http/json') return new JsonExporter()
  if (protocol === 'http/protobuf') return new ProtobufExporter()
  throw new Error(
    `OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, and only http/protobuf and http/json are supported`,
  )
}
