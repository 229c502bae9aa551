import type { PooledProcess } from '@subagent-mcp/api'
import { cwdFlag, textArg, boolArg } from '../../command/values.js'
import { daemonCommand } from '../../terminal/command-context.js'
import { formatMegabytes } from '../../terminal/format.js'
import { printResult } from '../../terminal/print.js'
import { cutSafeLine } from '../../terminal/text.js'
import { terminalCaller } from '../../terminal/person.js'

export const warmupCommand = daemonCommand(
  {
    description: 'Start a process of a defined agent before its first task, so that the task need not wait',
    examples: ['warmup reviewer', 'warmup reviewer --cache'],
    words: {
      agent: textArg('agent', 'Name of the agent, as subagent-mcp agents lists it', { names: 'definitions' }),
    },
    flags: {
      cache: boolArg("Also run one short turn, which fills the provider's prompt cache and costs a little"),
      cwd: cwdFlag,
      json: boolArg('Print the process as JSON'),
    },
  },
  async ({ agent, cache, json, cwd }, { client, terminal }) => {
    const process = await client.warmUp(agent, { ...terminalCaller(cwd, terminal), cache })
    return printResult(terminal, json, { text: warmText(agent, process), data: process })
  },
)

function warmText(agent: string, { pid, memory }: PooledProcess): string {
  const facts = [
    ...(pid === undefined ? [] : [`pid ${pid}`]),
    ...(memory === undefined ? [] : [formatMegabytes(memory)]),
  ].join(', ')
  return `${cutSafeLine(agent, 80)} is warm${facts && `: ${facts}`}`
}
