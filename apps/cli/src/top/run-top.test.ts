import { thorough } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import { psCommand } from '../commands/agent/ps.js'
import { topCommand } from '../commands/agent/top.js'
import { startTestContext, type TestContext } from '../terminal/context.test.support.js'
import { createTestScreen, type TestScreen } from './screen.test.support.js'

/** Starts `top` on a screen in memory. `shown` is all that is on the screen. */
async function startTop(
  parts: { context?: TestContext; command?: typeof topCommand; words?: string[] } = {},
) {
  const { context = await startTestContext(), command = topCommand, words = [] } = parts
  const screen = createTestScreen()
  context.terminal.fullScreen = (run) => run(screen)
  return { context, screen, ended: command.run(words, context), shown: shownOn(screen) }
}

function shownOn(screen: TestScreen): () => string {
  return () => screen.lines().join('\n')
}

test('agents come and end while it runs; q ends it with 0, also as ps --watch', thorough, async () => {
  const { context, screen, ended, shown } = await startTop({ command: psCommand, words: ['--watch'] })
  await expect.poll(shown).toContain('no agents; launch one')
  const { session } = await context.launched('tests')
  await expect.poll(shown).toMatch(/Working \(1\)\n> tests /)
  session.finish()
  await expect.poll(shown).toMatch(/Done \(1\)\n> tests /)
  screen.resize({ columns: 40, rows: 20 })
  await expect.poll(() => screen.lines().length).toBe(20)
  screen.press('q')
  expect(await ended).toBe(0)
})

test('a permission is read, answered and written to the audit log', async () => {
  const { context, screen, ended, shown } = await startTop()
  const { session } = await context.launched('tests')
  session.sink({
    type: 'approval-requested',
    requestId: 'r',
    tool: 'Bash',
    input: { command: 'rm -rf \u001b[2J build' },
  })
  await expect.poll(shown).toMatch(/Needs you \(1\)\n> tests /)
  screen.press('a')
  await expect.poll(shown).toContain(String.raw`"command": "rm -rf \u001b[2J build"`)
  screen.press('r', ' ', 'n', 'o', 'return')
  await expect.poll(shown).toContain('a1 may not do it: Bash')
  expect(session.sent.at(-1)).toMatchObject({ type: 'answer', decision: 'deny', reason: 'no' })
  expect(await context.client.permissionLog({})).toContainEqual(
    expect.objectContaining({ event: 'denied', through: 'terminal' }),
  )
  screen.press('q')
  await ended
})

test('a message is sent, the transcript followed, and the agent killed', thorough, async () => {
  const { context, screen, ended, shown } = await startTop()
  const { session } = await context.launched('tests')
  await expect.poll(shown).toContain('> tests')
  screen.press('s', 'h', 'i', 'return')
  await expect.poll(shown).toContain('a1 "tests" is busy: the message is queued')
  screen.press('return')
  await expect.poll(shown).toContain('> do it')
  session.sink({ type: 'text-delta', text: 'it\u0007 \u001b[31mworks' })
  await expect.poll(shown).toContain(String.raw`it\x07 works`)
  screen.press('q')
  await expect.poll(shown).toContain('Working (1)')
  screen.press('x', 'y')
  await expect.poll(shown).toContain('a1 "tests" was killed')
  await expect.poll(shown).toContain('Done (1)')
  screen.press('q')
  await ended
})

test('an error of the daemon is shown, and the screen goes on', thorough, async () => {
  const { context, screen, ended, shown } = await startTop()
  await context.launched('tests')
  await expect.poll(shown).toContain('> tests')
  screen.press('d')
  await expect.poll(() => screen.lines().at(-1)).toMatch(/worktree|change|git/)
  screen.press('escape', 'q')
  expect(await ended).toBe(0)
})

test('when the daemon ends it ends too, with the reason', thorough, async () => {
  const { context, ended, shown } = await startTop()
  const failed = expect(ended).rejects.toMatchObject({ code: 'daemon-unreachable' })
  await expect.poll(shown).toContain('no agents')
  await context.close()
  await failed
})

test('without a terminal it names other commands', async () => {
  const context = await startTestContext()
  await expect(topCommand.run([], context)).rejects.toMatchObject({
    message: 'top needs a terminal that it can draw on, and TERM must not be dumb',
    hint: 'list the agents with subagent-mcp ps, or print each change with subagent-mcp ps --watch',
  })
})
