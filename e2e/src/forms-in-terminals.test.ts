import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readAuditLog } from './audit-log.js'
import { openHost, terminalHosts } from './host-in-terminal.js'
import { useHostStage } from './host-stage.js'
import type { HostTerminal } from './host-terminal.js'

const stage = useHostStage()

/**
 * The commands for which the agent asks: one that fits in a line, one of two lines, one with a choice, and one with
 * more lines than a form has.
 */
const long = 'a-folder-with-a-rather-long-name-for-its-kind'
const commands = {
  allowed: "touch made '*1* **2** _3_ [4](5) <!-- 6 --> `7`   8'",
  denied: `touch not-made ${long}-1 ${long}-2`,
  personOnly: 'touch .env',
  tooLong: `touch not-shown ${long}-1 ${long}-2 ${long}-3`,
}

/** Keys to press, each with a text that the screen must show before. */
type Keys = readonly (readonly [shown: string, key: string])[]

const arrow = { down: '\u001b[B', right: '\u001b[C' }

const hosts = {
  claude: {
    allow: [['❯ Accept    Decline', '\r']],
    deny: [
      ['❯ Accept    Decline', arrow.right],
      ['❯ Decline', '\r'],
    ],
    choose: [
      ['❯ * Only a person may allow it', arrow.right],
      ['❯ ◯ Allow this call', '\r'],
      ['❯ Accept    Decline', '\r'],
    ],
    // Accept does nothing until a choice is made.
    leave: [
      ['❯ * This form cannot allow it', arrow.down],
      ['❯ Accept    Decline', '\r'],
      ['❯ Accept    Decline', '\u001b'],
    ],
  },
  codex: {
    allow: [['› 1. Allow', '1']],
    deny: [['2. Deny', '2']],
    choose: [['› 1. Allow this call', '1']],
    leave: [['› 1. Leave it open', '1']],
  },
} as const

for (const host of ['claude', 'codex'] as const)
  test(
    `[host-forms] ${host} shows the whole call in its terminal, and the user's answer counts`,
    thorough,
    async () => {
      const { allow, deny, choose, leave } = hosts[host]
      const terminal = await openDelegating(host)
      try {
        await answer(terminal, `  Bash: ${commands.allowed}\n`, allow)
        await answer(terminal, `  Bash: touch not-made ${long}-1\n  ${long}-2\n`, deny)
        await answer(terminal, `  Bash: ${commands.personOnly}\n`, choose)
        await answer(terminal, 'terminal: subagent-mcp permissions --watch\n', leave)
        await expect.poll(terminal.screen).toContain('asks permission')
      } finally {
        await terminal.close()
      }
      const made = ['made', 'not-made', '.env', 'not-shown'].map((name) =>
        existsSync(join(stage().home.cwd, name)),
      )
      expect(made).toEqual([true, false, true, false])
      expect(await readAuditLog(stage())).toEqual([
        ...['asked', 'allowed elicitation', 'asked', 'denied elicitation'],
        ...['asked', 'allowed elicitation', 'asked'],
      ])
    },
  )

/** Opens a host, and types the task for which its model launches the agent. */
async function openDelegating(host: keyof typeof hosts): Promise<HostTerminal> {
  const { to, tool } = terminalHosts[host]
  const asked = Object.values(commands).map((command) => `[[tool: Bash ${JSON.stringify({ command })}]]`)
  const prompt = `${asked.join(' ')} [[say: went on]]`
  const launch = { task_category: 'mechanical', provider: 'claude', model: 'sonnet', prompt }
  const steps = [
    { type: 'tool', tool: `${tool}launch_agent`, input: launch },
    { type: 'tool', tool: `${tool}wait`, input: {} },
  ] as const
  stage().model.script([{ match: 'DELEGATE IT', to, steps }])
  // Forms that Claude shows while it is idle, through MCP tasks, are tested with the tasks.
  const terminal = await openHost(stage(), host, { variables: { CLAUDE_CODE_DISABLE_MCP_TASKS: '1' } })
  await terminal.type('DELEGATE IT')
  return terminal
}

async function answer({ screen, press }: HostTerminal, shown: string, keys: Keys): Promise<void> {
  await expect.poll(screen).toContain(shown)
  for (const [before, key] of keys) {
    await expect.poll(screen).toContain(before)
    // An answer within a second does not count as a person's.
    await setTimeout(1000)
    press(key)
  }
}
