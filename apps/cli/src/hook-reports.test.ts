import { writeUnreadReportsForHooks, writeUnpromptedTurnLimit } from '@subagent-mcp/orchestration'
import { describe, expect, test } from 'vitest'
import { folder, home, project, run, toldTo, useShippedHook } from './shipped-hook.test.support.js'

useShippedHook()

describe('reports of agents', () => {
  const prompt = { hook_event_name: 'UserPromptSubmit', session_id: 'one' }
  const one = '1 sub-agent has finished: call `wait` of subagent-mcp, which returns what they report.'
  const session = { finished: ['a.1'], asking: [] }

  test('are announced once to the session of the host process, and again when more wait', async () => {
    const others = { ...session, project: project(), processes: [1] }
    const own = { ...session, project: project(), processes: [process.pid] }
    writeUnreadReportsForHooks(home(), [own, others])
    writeUnpromptedTurnLimit(home(), 10)
    expect(await toldTo(prompt)).toBe(one)
    expect(await toldTo(prompt)).toBeUndefined()
    expect(await toldTo({ ...prompt, hook_event_name: 'Stop' })).toBeUndefined()
    expect(await toldTo({ ...prompt, hook_event_name: 'SessionStart' })).toBe(one)
    writeUnreadReportsForHooks(home(), [{ ...own, finished: ['a.1', 'b.1'] }, others])
    const two = '2 sub-agents have finished: call `wait` of subagent-mcp, which returns what they report.'
    expect(await toldTo({ ...prompt, hook_event_name: 'Stop' })).toBe(two)
    expect(await toldTo(prompt)).toBeUndefined()
    expect(await toldTo({ ...prompt, hook_event_name: 'PreToolUse', tool_name: 'Read' })).toBeUndefined()
  })

  test('are not announced in a turn that begins with the notice of the hook that waits, under another name of the session', async () => {
    writeUnreadReportsForHooks(home(), [{ ...session, project: project(), processes: [process.pid] }])
    const words = (text: string): string => `<task-notification>\n<summary>${text}</summary>`
    expect(await toldTo({ ...prompt, prompt: words(`Stop hook: ${one}`) })).toBeUndefined()
    expect(await toldTo({ ...prompt, prompt: 'and now?' })).toBeUndefined()
    const another = { ...prompt, session_id: 'two', prompt: words('a command of the user ended') }
    expect(await toldTo(another)).toBe(one)
  })

  test('of another session of the project are not announced, but those that no session owns are', async () => {
    const own = { project: project(), processes: [process.pid], finished: [], asking: [] }
    writeUnreadReportsForHooks(home(), [own, { ...session, project: project(), processes: [1] }])
    expect(await toldTo(prompt)).toBeUndefined()
    writeUnreadReportsForHooks(home(), [own, { ...session, project: project() }])
    expect(await toldTo(prompt)).toBe(one)
    expect(await toldTo({ ...prompt, session_id: 'two', cwd: folder() })).toBeUndefined()
  })

  test('are announced to an unknown process of the project, in every host with hooks', async () => {
    writeUnreadReportsForHooks(home(), [{ ...session, project: project(), processes: [1] }])
    expect(await toldTo(prompt)).toBe(one)
    const said = { ...prompt, cwd: project() }
    expect((await run(['hook', 'codex'], JSON.stringify(said))).stdout).toContain(one)
    const gemini = JSON.stringify({ ...said, hook_event_name: 'BeforeAgent' })
    expect((await run(['hook', 'gemini'], gemini)).stdout).toContain(one)
  })
})
