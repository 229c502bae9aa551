import { describe, expect, test } from 'vitest'
import { checkClaudeToolChoice, buildClaudeToolArguments, createUnavailableToolNotes } from './tools.js'

test.each([['Read', 'mcp__files'], []])('takes whole tools and whole servers: %s', (...only) => {
  expect(checkClaudeToolChoice({ tools: { only } })).toBeUndefined()
})

test.each(['Bash(git *)', 'mcp__files__read'])('refuses a part that the CLI would not honour: %s', (part) => {
  const refused = checkClaudeToolChoice({ tools: { only: ['Read', part] } })
  expect(refused?.reason).toBe('bad-request')
  expect(refused?.message).toContain(`not ${part}`)
  expect(checkClaudeToolChoice({ tools: { without: [part] } })).toBeUndefined()
})

test.each(['Bash(rm *', 'Bash)(', 'Bash(rm *))', 'Bash(f() *)', 'Bash(a),Write(b'])(
  'refuses what the CLI would not read as one name: %s',
  (name) => {
    const refused = checkClaudeToolChoice({ tools: { without: ['Write', name] } })
    expect(refused?.reason).toBe('bad-request')
    expect(refused?.message).toContain(`: ${name}`)
  },
)

test.each(['Bash(rm *)', 'Bash(git add, git commit)', 'Bash(node -e "f()")'])('takes a rule: %s', (name) => {
  expect(checkClaudeToolChoice({ tools: { without: [name] } })).toBeUndefined()
})

test('what outlives a task is taken away before what a caller names', () => {
  const [argument = ''] = buildClaudeToolArguments({ tools: { without: ['Bash(rm *)'] }, ephemeral: true })
  expect(argument).toMatch(/^--disallowedTools=CronCreate,.*,SendMessage,Bash\(rm \*\)$/)
})

describe('a name that is no tool of the CLI', () => {
  test.each([
    [{ without: ['bash', 'Write'] }, 'bash', 'Bash'],
    [{ without: ['WEBFETCH(domain:x)'] }, 'WEBFETCH', 'WebFetch'],
    [{ only: ['read'] }, 'read', 'Read'],
  ])('but for its case, is refused: %j', (tools, name, meant) => {
    expect(checkClaudeToolChoice({ tools })).toEqual({
      reason: 'bad-request',
      message: `claude has no tool called ${name}`,
      hint: `did you mean ${meant}?`,
    })
  })

  test('and is like none is told, as a newer one may have it', () => {
    const tools = { only: ['Read'], without: ['Teleport(home)', 'Bash', 'mcp__x__y'] }
    expect(checkClaudeToolChoice({ tools })).toBeUndefined()
    expect(createUnavailableToolNotes({ tools })).toEqual([
      expect.stringMatching(/^Teleport is no tool of claude/),
    ])
  })
})

test('says which tools a task was asked to have and has not', () => {
  const tools = { only: ['Read', 'Monitor'] }
  expect(createUnavailableToolNotes({ tools })).toEqual([])
  expect(createUnavailableToolNotes({ tools, ephemeral: true })).toEqual([
    'Monitor was left out: what it does would outlive the task',
  ])
})
