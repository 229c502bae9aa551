import { systemClock } from '@subagent-mcp/contract'
import { createDaemonEnvironment } from '@subagent-mcp/daemon'
import { createWatchdog } from '@subagent-mcp/driver-kit'
import { notifyTestNotice } from '@subagent-mcp/runtime'
import { booleanArgSchema } from '../../command/arg-schemas.js'
import { checkNotify } from '../../doctor/check-notify.js'
import { renderDoctorFindings } from '../../doctor/render-findings.js'
import { exitCode } from '../../exit.js'
import { createNoticeSenders } from '../../notify/notice-senders.js'
import { getConfigPath, readUserConfig } from '../../settings/config.js'
import { defineTerminalCommand } from '../../terminal/command-context.js'
import { printRemarks } from '../../terminal/print.js'
import type { Terminal } from '../../terminal/terminal.js'

export const notifyCommand = defineTerminalCommand(
  {
    description: 'Show how you are notified when agents finish or ask you, or send a test notification',
    details: [
      'You are notified when an agent asks for permission or finishes, and no session of a host has read that within some seconds.',
      'The key notify of config.jsonc turns it on, for the desktop, a command or a webhook: see docs/configuration.md.',
      'With --test, exits 1 if the notification could not be sent.',
    ],
    examples: ['notify', 'notify --test'],
    flags: {
      test: booleanArgSchema(
        'Send a test notification by each way that is configured: desktop, command, webhook',
      ),
    },
  },
  async ({ test }, terminal) => {
    if (test) return sendTest(terminal)
    const findings = checkNotify(terminal).map((finding) => ({ ...finding, check: 'notify' }))
    await terminal.stdout.print(renderDoctorFindings(findings, { ...terminal.stdout, home: terminal.home }))
    return exitCode.done
  },
)

/** Sends a test notification, with the environment that a daemon started here would have. @throws SubagentError if the configuration is invalid */
async function sendTest({ environment, stdout, stderr }: Terminal): Promise<number> {
  const { notify } = readUserConfig(environment)
  const watchdog = createWatchdog()
  const senders = createNoticeSenders(notify, {
    ...{ watchdog, clock: systemClock, environment: createDaemonEnvironment(environment) },
  })
  try {
    const lines = await Promise.all(
      senders.map(async ({ name, send }) => {
        const why = await failureOf(() => send(notifyTestNotice, new AbortController().signal))
        await stdout.print(`${name}: ${why ?? 'sent'}\n`)
        return why
      }),
    )
    if (lines.length === 0)
      await printRemarks({ stderr }, [
        `no notices are set up: add the key notify to ${getConfigPath(environment)}`,
      ])
    return lines.length === 0 || lines.some((why) => why !== undefined) ? exitCode.failed : exitCode.done
  } finally {
    await watchdog.close()
  }
}

/** Returns the reason why a notice could not be sent. A sender rejects with any error of its program or of the network. */
async function failureOf(send: () => Promise<void>): Promise<string | undefined> {
  try {
    await send()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
