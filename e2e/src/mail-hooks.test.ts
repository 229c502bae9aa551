import { thorough } from '@subagent-mcp/testkit'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { claudePath } from './cli-paths.js'
import { useHostStage } from './host-stage.js'

const stage = useHostStage()
const sync = { type: 'tool', tool: 'mcp__subagent-mcp__sync', input: {} } as const

test(
  '[mail-by-hook] a message is announced to Claude at its start, before a tool and when it would stop, and read with sync',
  thorough,
  async () => {
    const { model, subagentMcp } = stage()
    await subagentMcp('setup', '--host', 'claude', '--yes')
    model.script([
      {
        match: 'MEET',
        to: 'anthropic',
        steps: [
          { type: 'gate', name: 'met' },
          { type: 'say', text: 'hello' },
        ],
      },
      {
        match: 'GREET',
        to: 'anthropic',
        steps: [sync, { type: 'gate', name: 'read' }, { type: 'say', text: 'hello' }],
      },
      {
        match: 'DO IT',
        to: 'anthropic',
        steps: [
          sync,
          { type: 'gate', name: 'before the tool' },
          { type: 'tool', tool: 'Bash', input: { command: 'true' } },
          sync,
          { type: 'gate', name: 'before the end' },
          { type: 'say', text: 'done' },
        ],
      },
    ])
    // After a second the session registers the folder's name as a recipient.
    const first = claude('MEET')
    await vi.waitFor(async () => {
      expect(await subagentMcp('chat', 'agents')).toContain(name())
    })
    model.release('met')
    expect(await first).toBe('hello')
    expect(bodies().join()).not.toContain('waits for you')

    await write('first secret')
    const session = claude('DO IT')
    await model.waitForRequest(({ bodyText }) => bodyText.includes('first secret'))
    expect(bodies().find((body) => body.includes('DO IT'))).toContain(announcement())
    await write('second secret')
    model.release('before the tool')
    const before = await model.waitForRequest(({ bodyText }) => bodyText.includes('second secret'))
    expect(before.bodyText.split(announcement())).toHaveLength(3)
    await untilRead()
    await write('third secret')
    model.release('before the end')
    expect(await session).toBe('done')
    const afterStop = bodies().filter((body) => body.includes('Stop hook additional context'))
    expect(afterStop).toEqual([bodies().at(-1)])
    expect(afterStop[0]?.split(announcement())).toHaveLength(4)

    // The third message is still unread, so it is announced to a new session too.
    const seen = bodies().length
    const next = claude('GREET')
    const read = await model.waitForRequest(({ bodyText }) => /GREET.*third secret/s.test(bodyText))
    expect(bodies()[seen]).toContain(announcement())
    expect(read.bodyText.split(announcement())).toHaveLength(2)
    await untilRead()
    model.release('read')
    expect(await next).toBe('hello')
    const quiet = bodies().length
    await claude('MEET')
    expect(bodies().slice(quiet).join()).not.toContain('waits for you')
  },
)

/** Runs a Claude session for one prompt. Returns its last words. */
async function claude(prompt: string): Promise<string> {
  return (await stage().run([claudePath, '-p', prompt, '--allowedTools', 'Bash'])).stdout.trim()
}

/** Sends a message to the folder's agent. Resolves when the hooks can see it. */
async function write(text: string): Promise<void> {
  const before = marked()
  await stage().subagentMcp('chat', 'send', name(), text, '--from', 'ann')
  await vi.waitFor(() => {
    expect(marked()).not.toBe(before)
    expect(marked()).toContain('"waiting":1')
  })
  expect(marked()).not.toContain(text)
}

/** Waits until the message counts as read, because a session that ends earlier returns it to the inbox. */
async function untilRead(): Promise<void> {
  await vi.waitFor(async () => {
    expect(JSON.parse(await stage().subagentMcp('chat', 'inbox', name(), '--json'))).toEqual([])
    expect(marked()).toBe('')
  })
}

function marked(): string {
  const path = join(stage().home.home, '.subagent-mcp/mail.json')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** The announcement of a waiting message, as it stands in the JSON of a model request. */
function announcement(): string {
  return `1 message waits for you (${name()}) from ann: call \`sync\` of subagent-mcp to read it.`
}

function name(): string {
  return basename(stage().home.cwd)
}

function bodies(): string[] {
  return stage().model.requests.map(({ bodyText }) => bodyText)
}
