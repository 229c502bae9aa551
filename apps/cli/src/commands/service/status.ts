import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { withRunner } from '../../releases/run-words.js'
import { hasServiceFile } from '../../service/service-file.js'
import { serviceManager } from '../../service/service-manager.js'
import { tryWords } from '../../service/try-words.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import type { Terminal } from '../../terminal/terminal.js'
import { say, type Saying } from '../daemon/daemon-command.js'
import { readServiceOrder, serviceFlags } from './service-order.js'

/** Shows whether there is a service, and what the system says of it. */
export const serviceStatus = defineCommand({
  meta: { name: 'status', description: 'Show whether the service is installed, and what the system says' },
  args: serviceFlags,
  run: async ({ rawArgs }) => {
    const { json } = readServiceOrder(rawArgs, 'status')
    await withTerminal(async (terminal) => {
      await say(terminal, json, await status(terminal))
      return exitCode.done
    })
  },
})

async function status({ environment }: Terminal): Promise<Saying> {
  const { path, look, stateIn } = serviceManager(environment)
  if (!hasServiceFile(path)) {
    const text = 'no service is installed: subagent-mcp service install'
    return { text, data: { installed: false, path } }
  }
  const told = await withRunner(environment, (run) => tryWords([look], run))
  const state = told.type === 'done' ? stateIn(told.printed) : 'unknown to the system'
  return { text: `${path}: ${state}`, data: { installed: true, path, state } }
}
