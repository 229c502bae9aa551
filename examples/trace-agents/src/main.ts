import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createRuntime } from '@subagent-mcp/runtime'
import { traceAgents } from '@subagent-mcp/runtime/traces'

// Launches an agent on Claude Code and sends its trace to a collector, by default to the one on this machine:
// node dist/main.js "Summarize README.md" http://localhost:4318/v1/traces
const [prompt = 'Summarize README.md', url = 'http://localhost:4318/v1/traces', model] = process.argv.slice(2)

const exporter = new OTLPTraceExporter({ url })
const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
const runtime = createRuntime({ drivers: [createClaudeDriver()] })
traceAgents(runtime, { provider, captureContent: false })
try {
  const choice = { provider: 'claude', ...(model !== undefined && { model }) }
  const agent = await runtime.launch({ prompt, ...choice, cwd: process.cwd() })
  console.log((await agent.result()).text)
} finally {
  await runtime.close()
  await provider.shutdown()
}
