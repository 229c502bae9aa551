import { thorough } from '@subagent-mcp/testkit'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useServerStage } from './server-stage.js'
import { endDaemons } from './home-daemons.js'
import { processesOf } from './processes.js'

const stage = useServerStage({}, 'configured')

const Questions = z.array(
  z.looseObject({ agentId: z.string(), requestId: z.string(), parked: z.boolean().optional() }),
)

/** Returns the permission requests that were not answered in time and stay open. */
async function parked(): Promise<z.infer<typeof Questions>> {
  return Questions.parse(JSON.parse(await stage().subagentMcp('permissions', '--json'))).filter(
    (question) => question.parked,
  )
}

test(
  '[answered-late] a call that is allowed the next day runs in the same session without another question',
  thorough,
  async () => {
    const { model, configure } = stage()
    const { home, host, launch } = await configure({
      permissions: { unanswered: 'park', deadlineMinutes: 0.02 },
      idleCloseMinutes: 0.02,
    })
    const tool = '[[tool: Bash {"command":"touch late"}]]'
    model.script([
      {
        match: 'you may do this now',
        to: 'anthropic',
        steps: [
          { type: 'tool', tool: 'Bash', input: { command: 'touch late' } },
          { type: 'say', text: 'made it' },
        ],
      },
    ])
    const id = await launch(`${tool} [[say: late waits for an answer]]`)
    const seen = async (): Promise<string> => (await host.call('poll_agent', { agent_id: id })).text
    await expect.poll(seen, { interval: 200 }).toContain('asks permission parked-')
    // The idle process of the agent exits by itself; the daemon is stopped.
    await expect.poll(() => processesOf(home.home, 'claude')).toEqual([])
    await endDaemons(home.home)
    const [question] = await parked()
    expect(question).toMatchObject({ agentId: id })
    expect(existsSync(join(home.cwd, 'late'))).toBe(false)
    await stage().subagentMcp('permissions', 'allow', id, question?.requestId ?? '')
    await expect.poll(() => existsSync(join(home.cwd, 'late'))).toBe(true)
    expect(await stage().subagentMcp('wait', id)).toContain('made it')
    expect(await parked()).toEqual([])
    expect(await stage().subagentMcp('permissions', 'log', '--all')).toMatch(
      /asked[^]*denied[^]*asked[^]*allowed[^]*allowed .* allowed it before/,
    )
  },
)
