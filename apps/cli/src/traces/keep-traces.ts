import { settlesWithin } from '@subagent-mcp/driver-kit'
import type { Runtime } from '@subagent-mcp/runtime'

/** The process whose agents have traces: its own environment, which the OpenTelemetry SDK reads too, and its log. */
export type TracedProcess = { environment: NodeJS.ProcessEnv; version: string; log: (line: string) => void }

/** The traces of a runtime's agents. */
export type KeptTraces = {
  /** Resolves when agents that are launched or recovered now have traces. Never rejects. */
  ready: Promise<void>
  /** Sends the spans that were not sent, and ends. Takes at most two seconds, and never rejects. */
  stop(): Promise<void>
}

/** The most milliseconds for which the end of the process waits for the collector. */
const lastSendMs = 2_000

/**
 * Sends the traces of a runtime's agents to the collector that the `OTEL_*` variables name. Without such variables nothing is loaded
 * and nothing is watched.
 */
export function keepTraces(
  runtime: Pick<Runtime, 'supervisor'>,
  traced: TracedProcess,
): KeptTraces | undefined {
  if (!wantsTraces(traced.environment)) return undefined
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

/** Whether the variables of OpenTelemetry ask for traces: they name an exporter or an endpoint, and nothing turns it off. */
export function wantsTraces(environment: NodeJS.ProcessEnv): boolean {
  if (environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false
  const exporters = environment['OTEL_TRACES_EXPORTER']?.trim() ?? ''
  if (exporters !== '') return exporters.split(',').some((name) => name.trim() === 'otlp')
  return ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => (environment[name]?.trim() ?? '') !== '',
  )
}
