import { createClaudeDriver } from '@subagent-mcp/driver-claude'
import { createRuntime } from '@subagent-mcp/runtime'

// Launches an agent on Claude Code and prints its answer. Without a model the routing table chooses one:
// node dist/main.js "Summarize README.md" haiku
const [prompt = 'Summarize README.md', model] = process.argv.slice(2)

const runtime = createRuntime({ drivers: [createClaudeDriver()] })
try {
  const choice = { provider: 'claude', ...(model !== undefined && { model }) }
  const agent = await runtime.launch({ prompt, ...choice, cwd: process.cwd() })
  const { status, text, failure } = await agent.result()
  console.log(failure ? `${status}: ${failure.message}` : text)
} finally {
  await runtime.close()
}
