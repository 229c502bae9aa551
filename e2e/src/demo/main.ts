import { parseArgs } from 'node:util'
import { serverScript } from '../mcp-host.js'
import { playDemo } from './play-demo.js'
import { liveDemoStage, offlineDemoStage, type DemoStage } from './stage.js'
import { renderTable } from './render-table.js'

const help = `npm run demo [-- --live]     npm run -s demo -- --json

Plays an MCP host that works with Claude, Codex and Gemini agents through subagent-mcp.
  --json  print the result as JSON, and nothing else on stdout (with npm's -s, else npm prints a line too)
  --live  use your own signed-in CLIs in place of the offline model server (costs tokens)
  --help  print this
`

const nextCommands = [
  `node ${serverScript} setup --dry-run   (what wires it to your hosts)`,
  'npm run demo -- --live   (the same on your own CLIs)',
  `node ${serverScript} routes   (whom a task would go to on this machine)`,
  `node ${serverScript} --help`,
]

const options = {
  json: { type: 'boolean' },
  live: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

process.exitCode = await main()

async function main(): Promise<number> {
  const values = readOptions()
  if (values === undefined || values.help) {
    ;(values ? process.stdout : process.stderr).write(help)
    return values ? 0 : 2
  }
  const stage = values.live ? liveDemoStage() : await offlineDemoStage()
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  return playToEnd(stage, { say, json: values.json ?? false })
}

/** Reads the command line. Prints an error and returns undefined when it is wrong. */
function readOptions(): ReturnType<typeof parseArgs<{ options: typeof options }>>['values'] | undefined {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n`)
    return undefined
  }
}

/** Plays the demo. Ctrl-C closes the host, and its server stops the agents. */
async function playToEnd(
  stage: DemoStage,
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
    await stage.close()
  }
}
