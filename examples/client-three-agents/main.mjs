import { connectDaemon, describeThisProcess } from '@subagent-mcp/client'

const [socketPath = '', subject = 'README.md'] = process.argv.slice(2)
const daemon = connectDaemon({ socketPath })

const launches = await Promise.all(
  ['security', 'speed', 'readability'].map(async (side) => {
    const prompt = `Review ${subject} for ${side}. Change nothing; report the three most important findings.`
    const { agent } = await daemon.launch({
      ...describeThisProcess(),
      prompt,
      provider: 'claude',
      model: 'sonnet',
      permissions: 'read-only',
    })
    return { side, id: agent.id }
  }),
)

const agentIds = launches.map(({ id }) => id)
const { timedOut, answers } = await daemon.wait({
  agentIds,
  until: 'all',
  timeoutSeconds: 600,
  answers: true,
})
for (const { side, id } of launches) console.log(`${side}: ${answers[id] ?? 'no report'}`)
if (timedOut) process.exitCode = 1

// Sessions stay open for further messages until they are closed.
await Promise.all(agentIds.map((id) => daemon.kill(id)))
