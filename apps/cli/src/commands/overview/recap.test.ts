import { expect, test } from 'vitest'
import { startTestContext } from '../../terminal/context.test.support.js'
import { recapCommand } from './recap.js'

test('what needs the user comes first, then what each agent did', async () => {
  const context = await startTestContext()
  const { id, session } = await context.launched('fixer')
  session.sink({ type: 'tool-started', callId: '1', tool: 'Bash', input: { command: 'curl example.com' } })
  session.sink({ type: 'tool-ended', callId: '1', failed: true, output: '' })
  const input = { command: 'npm publish' }
  session.sink({ type: 'approval-requested', requestId: 'r', tool: 'Bash', input })
  expect(await recapCommand.run([], context)).toBe(0)
  const lines = context.terminal.said.stdout.split('\n').map((line) => line.replace(/#\d+/, '#n'))
  expect(lines).toEqual([
    expect.stringMatching(/^Since \d{4}-\d\d-\d\d \d\d:\d\d: 1 agent, no turn ended$/),
    'Needs you:',
    `  fixer (${id}) asks to run: Bash: npm publish (subagent-mcp permissions allow ${id})`,
    `fixer (${id}), claude opus, permission requested: no turn ended`,
    expect.stringMatching(/^ {2}asked: .* #n$/),
    '  commands:',
    '    failed, without a question: Bash: curl example.com #n',
    '    waits for an answer: Bash: npm publish #n',
    '  network: Bash: curl example.com #n',
    '  not seen: what programs did besides their command line says: files written, network used #n',
    '',
  ])
})

test('without agents it says so, and JSON is the answer of the daemon', async () => {
  const context = await startTestContext()
  expect(await recapCommand.run(['--since', '30m'], context)).toBe(0)
  const { said } = context.terminal
  expect([said.stdout, said.stderr]).toEqual([
    expect.stringMatching(/: no agent did anything\n$/),
    '--since 2d looks further back\n',
  ])
  said.stdout = ''
  expect(await recapCommand.run(['--json'], context)).toBe(0)
  expect(JSON.parse(said.stdout)).toMatchObject({ needs: [], agents: [], moreAgents: 0 })
})
