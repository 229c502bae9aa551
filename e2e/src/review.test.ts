import { thorough } from '@subagent-mcp/testkit'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { changeProject, reviewOfChange } from './changed-project.js'
import { openHost, terminalHosts } from './host-in-terminal.js'
import { useHostStage, type HostStage } from './host-stage.js'

const stage = useHostStage()

const { to, tool: prefix } = terminalHosts.claude
const sentence = 'ask Codex to review my changes'
const removed = '-export const total = (items) => items.reduce('
const review = JSON.stringify(reviewOfChange)

/** Changes the project, and lets Claude's model delegate the review and Codex's model find the fault. */
function script({ model, home }: HostStage): void {
  changeProject(home.cwd)
  const launch = { agent: 'reviewer', provider: 'codex', changes: 'uncommitted', prompt: 'Judge my work.' }
  model.script([
    {
      match: sentence,
      to,
      steps: [
        { type: 'tool', tool: `${prefix}launch_agent`, input: launch },
        { type: 'tool', tool: `${prefix}wait`, input: {} },
        { type: 'say', text: 'Codex reviews. You can go on.' },
      ],
    },
    {
      match: 'Judge my work.',
      to: 'openai',
      steps: [
        { type: 'gate', name: 'judged' },
        { type: 'say', text: review },
      ],
    },
    {
      match: 'turn 1 finished',
      to,
      steps: [{ type: 'say', text: 'Codex wants changes: an empty cart throws' }],
    },
  ])
}

/** The bodies of the requests that a provider's model got with a text in them. */
function requestsOf(provider: 'anthropic' | 'openai', text: string): string[] {
  return stage()
    .model.requests.filter(({ dialect }) => dialect === provider)
    .map(({ bodyText }) => bodyText)
    .filter((body) => body.includes(text))
}

test("[reviewed-by-another] Claude has its user's changes reviewed by Codex, whose findings come back into the idle session", async () => {
  script(stage())
  await stage().subagentMcp('daemon', 'start')
  const terminal = await openHost(stage(), 'claude')
  try {
    await terminal.type(sentence)
    await expect.poll(terminal.screen).toContain('You can go on.')
    await expect.poll(() => requestsOf('openai', removed).length).toBeGreaterThan(0)
    expect(requestsOf('anthropic', removed)).toEqual([])
    expect(terminal.screen()).not.toContain('an empty cart throws')
    stage().model.release('judged')
    await expect.poll(terminal.screen).toContain('an empty cart throws')
    expect(requestsOf('anthropic', 'reduce has no initial value')).not.toEqual([])
  } finally {
    stage().model.release('judged')
    await terminal.close()
  }
})

test(
  '[reviewed-by-another] without a sign-in of Codex, Claude gets the command to sign in, and no other provider reviews',
  thorough,
  async () => {
    script(stage())
    const { home } = stage().home
    // The test's own configuration of Codex counts as a sign-in.
    writeFileSync(join(home, '.codex/config.toml'), '')
    const variables = { OPENAI_API_KEY: undefined }
    const terminal = await openHost(stage(), 'claude', { variables })
    try {
      await terminal.type(sentence)
      await expect.poll(terminal.screen).toContain('You can go on.')
      expect(requestsOf('anthropic', 'codex login')).not.toEqual([])
      expect(requestsOf('anthropic', removed)).toEqual([])
      expect(requestsOf('openai', removed)).toEqual([])
    } finally {
      await terminal.close()
    }
  },
)

test('[reviewed-by-another] the command review prints the findings of the real Codex', thorough, async () => {
  script(stage())
  stage().model.script([
    { match: 'Review the changes that follow.', to: 'openai', steps: [{ type: 'say', text: review }] },
  ])
  await expect(stage().subagentMcp('review', '--by', 'codex')).rejects.toMatchObject({
    exitCode: 5,
    stdout: `\
1. cart.js:2 high an empty cart throws
   reduce has no initial value. Give it 0.

codex wants changes: 1 finding`,
  })
  expect(requestsOf('openai', removed)).not.toEqual([])
})
