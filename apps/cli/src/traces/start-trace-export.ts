import { settlesWithin } from '@subagent-mcp/driver-kit'
import type { Runtime } from '@subagent-mcp/runtime'

/** The process whose agents have traces: its own environment, which the OpenTelemetry SDK reads too, and its log. */
export type TracedProcess = { environment: NodeJS.ProcessEnv; version: string; log: (line: string) => void }

/** The process, and the hosts that may get traces besides this machine. */
type TraceOptions = TracedProcess & { allowedHosts: readonly string[] }

/** The traces of a runtime's agents. */
export type RuntimeTraceExport = {
  /** Resolves when agents that are launched or recovered now have traces. Never rejects. */
  ready: Promise<void>
  /** Sends the spans that were not sent, and ends. Takes at most two seconds, and never rejects. */
  stop(): Promise<void>
}

/** The most milliseconds for which the end of the process waits for the collector. */
const lastSendMs = 2_000

/**
 * Sends the traces of a runtime's agents to the collector that the `OTEL_*` variables name. Without such variables nothing is loaded
 * and nothing is watched. A collector on another machine needs the user's word in `config.jsonc`, because a repository's files can
 * set variables of a host, and traces tell what agents do in all projects.
 */
export function startTraceExport(
  runtime: Pick<Runtime, 'supervisor'>,
  { allowedHosts, ...traced }: TraceOptions,
): RuntimeTraceExport | undefined {
  if (!areTracesRequested(traced.environment)) return undefined
  const refused = endpointHosts(traced.environment).find((host) => !mayReceiveTraces(host, allowedHosts))
  if (refused !== undefined) {
    traced.log(
      `no traces are sent to ${refused}: add it to traceHosts in config.jsonc, and restart the daemon`,
    )
    return undefined
  }
  const loading = load(runtime, traced)
  return {
    ready: loading.then(() => undefined),
    stop: async () => {
      const stop = await loading
      await settlesWithin(stop(), lastSendMs)
    },
  }
}

async function load(
  runtime: Pick<Runtime, 'supervisor'>,
  traced: TracedProcess,
): Promise<() => Promise<void>> {
  try {
    const { exportTraces } = await import('./export-traces.js')
    return exportTraces(runtime, traced)
  } catch (error) {
    traced.log(`no traces are sent: ${error instanceof Error ? error.message : String(error)}`)
    return () => Promise.resolve()
  }
}

/** The hosts that the variables name; one that is no URL as it is. */
function endpointHosts(environment: NodeJS.ProcessEnv): string[] {
  return endpointVariables.flatMap((name) => {
    const endpoint = environment[name]?.trim() ?? ''
    if (endpoint === '') return []
    return [URL.canParse(endpoint) ? new URL(endpoint).hostname : endpoint]
  })
}

const endpointVariables = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT']

/** Whether a host is this machine, or one that the user allows. */
export function mayReceiveTraces(host: string, allowed: readonly string[]): boolean {
  const name = host.toLowerCase()
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(name) || allowed.some((one) => one.toLowerCase() === name)
}

/** Whether the variables of OpenTelemetry ask for traces: they name an exporter or an endpoint, and nothing turns it off. */
export function areTracesRequested(environment: NodeJS.ProcessEnv): boolean {
  if (environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false
  const exporters = environment['OTEL_TRACES_EXPORTER']?.trim() ?? ''
  if (exporters !== '') return exporters.split(',').some((name) => name.trim() === 'otlp')
  return endpointVariables.some((name) => (environment[name]?.trim() ?? '') !== '')
}
