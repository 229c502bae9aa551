import { installFakeClaude, needsNats, soakOnly, startNats, thorough } from '@subagent-mcp/testkit'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, test } from 'vitest'
import { roundCount } from './rounds.js'
import { killRounds, longestPauseMs } from './worker-rounds.js'
import { useWorkerStage } from './worker-stage.js'

const stage = useWorkerStage()

/**
 * Numbers of rounds without and with NATS. A short run kills each of the three kinds of process once, and with NATS only the daemon and the
 * server: the mailbox does not know of the others.
 */
const { KILL_ROUNDS: given } = process.env
const rounds = (short: number): number => (given === undefined ? roundCount(short, 200) : Number(given))
const [few, withNats] = [rounds(3), rounds(2)]

test('[worker-killed] the CLI, the command and the daemon are killed at random moments', thorough, () =>
  killRounds(stage(), { name: 'workers on SQLite', rounds: few, tools: true }),
)

test('[worker-killed] the same holds with a fake CLI that is faster than a real one', soakOnly, async () => {
  const fake = installFakeClaude('well')
  const variables = { SUBAGENT_MCP_CLAUDE_PATH: fake.executable }
  try {
    await killRounds(stage(), { name: 'workers on a fake claude', rounds: few, tools: false, variables })
  } finally {
    fake.remove()
  }
})

describe('with a mailbox on NATS', needsNats, () => {
  test(
    '[worker-killed] the daemon and the server are killed at random moments, in long runs the CLI and the command, too',
    thorough,
    async () => {
      const { url, kill, start, end } = await startNats()
      const nats = async (): Promise<void> => {
        await kill()
        await delay(Math.random() * longestPauseMs)
        await start()
      }
      try {
        await killRounds(stage(), {
          name: 'workers on NATS',
          rounds: withNats,
          url,
          tools: true,
          victims: { nats },
        })
      } finally {
        await end()
      }
    },
  )
})
