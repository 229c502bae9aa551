import { defineCommand } from 'citty'
import { exitCode } from '../../exit.js'
import { withRunner } from '../../releases/run-words.js'
import { serviceManager } from '../../service/service-manager.js'
import { uninstallService } from '../../service/uninstall-service.js'
import { withTerminal } from '../../terminal/with-terminal.js'
import { say } from '../daemon/daemon-command.js'
import { readServiceOrder, serviceFlags } from './service-order.js'

/** Takes the service away. */
export const serviceUninstall = defineCommand({
  meta: { name: 'uninstall', description: 'End the service, and remove its file' },
  args: serviceFlags,
  run: async ({ rawArgs }) => {
    const { json } = readServiceOrder(rawArgs, 'uninstall')
    await withTerminal(async (terminal) => {
      const { environment } = terminal
      const { removed, lines } = await withRunner(environment, (run) =>
        uninstallService(serviceManager(environment), run),
      )
      await say(terminal, json, { text: lines.join('\n'), data: { removed } })
      return exitCode.done
    })
  },
})
