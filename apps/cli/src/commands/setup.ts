import { defineCommand } from 'citty'
import { withTerminal } from '../terminal/with-terminal.js'
import { setUpHosts } from './set-up-hosts.js'
import { readSetupOrder, setupFlags } from './setup-order.js'

/** Wires the hosts of this machine. */
export const setup = defineCommand({
  meta: { name: 'setup', description: 'Wire Claude Code, Codex, Gemini CLI and other hosts on this machine' },
  args: setupFlags,
  run: async ({ rawArgs }) => {
    const order = readSetupOrder(rawArgs)
    await withTerminal((terminal) => setUpHosts(order, terminal))
  },
})
