import { parseArgs } from 'node:util'
import { playDemo } from './play-demo.js'
import { liveStage, offlineStage, type Stage } from './stage.js'
import { renderTable } from './render-table.js'

const help = `npm run demo [-- --json] [-- --live]

Plays an MCP host that works with three Claude agents through subagent-mcp.
  --json  print the result as JSON, and nothing else on stdout
  --live  use your own signed-in claude in place of the offline model server (costs tokens)
  --help  print this
`

const nextCommands = [
  'claude mcp add subagent-mcp -- node apps/cli/bin/subagent-mcp.js   (use it from Claude Code)',
  'npm run demo -- --live                                             (the same on your own claude)',
  'node apps/cli/bin/subagent-mcp.js --help',
]

process.exitCode = await main()

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { json: { type: 'boolean' }, live: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const stage = values.live ? liveStage() : await offlineStage()
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  return perform(stage, { say, json: values.json ?? false })
}

/** Ctrl-C ends the host; the server then ends its agents, and the stage is cleared. */
async function perform(
  stage: Stage,
  { say, json }: { say: (line: string) => void; json: boolean },
): Promise<number> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => {
    interrupted.abort()
  })
  try {
    const agents = await playDemo(stage, { say, signal: interrupted.signal })
    const report = json
      ? JSON.stringify({ agents }, undefined, 2)
      : [renderTable(agents), '', 'Try next:', ...nextCommands.map((command) => `  ${command}`)].join('\n')
    process.stdout.write(`${report}\n`)
    return 0
  } catch (error) {
    say(interrupted.signal.aborted ? 'interrupted: all agents ended' : `demo failed: ${String(error)}`)
    return 1
  } finally {
    await stage.clear()
  }
}
