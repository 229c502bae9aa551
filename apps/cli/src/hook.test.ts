import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  toolDenialTexts,
  orchestrationDirective,
  orchestrationReminder,
  writeWaitingMailForHooks,
  type WaitingMail,
} from '@subagent-mcp/orchestration'
import { describe, expect, test } from 'vitest'
import { untilProcessEnds } from './cli-runtime.test.support.js'
import {
  ask,
  chunks,
  environment,
  folder,
  home,
  project,
  run,
  script,
  toldTo,
  useShippedHook,
} from './shipped-hook.test.support.js'

useShippedHook()

const nothing = { code: 0, stdout: '', stderr: '' }
const edit = { hook_event_name: 'PreToolUse', tool_name: 'Edit' }

test.each([
  ['claude', '{"hook_event_name":"PreToolUse"}'],
  ['codex', ''],
  ['gemini', 'no JSON at all'],
  ['unheard-of', 'x'.repeat(2_000_000)],
  ['claude', 'x'.repeat(2 ** 24 + 1)],
])('a hook of %s is read to its end, and answered with nothing', async (host, said) => {
  turnOn()
  expect(await run(['hook', host], said)).toEqual(nothing)
})

test.each([[['hook', '--help']], [['hook']], [['hook', '--json']], [['hook', 'claude', 'more']]])(
  'nor does %j forbid anything',
  async (words) => {
    expect(await run(words, '{}')).toEqual(nothing)
  },
)

test('other commands are none', async () => {
  expect(await run(['ps'], '')).toEqual({ code: 0, stdout: 'main\n', stderr: '' })
})

describe('the mode', () => {
  test('is that of the project that the folder is in', async () => {
    turnOn()
    const denied = { decision: 'block', reason: toolDenialTexts.edit }
    expect(await ask(edit)).toEqual({ ...nothing, stdout: JSON.stringify(denied) })
    expect(await ask({ ...edit, cwd: join(project(), 'deeper') })).toMatchObject({
      stdout: JSON.stringify(denied),
    })
    expect(await ask({ ...edit, cwd: folder() })).toEqual(nothing)
    expect(await ask({ ...edit, cwd: '/nowhere' })).toEqual(nothing)
    expect(await ask(edit, { SUBAGENT_MCP_DEPTH: '1' })).toEqual(nothing)
  })

  test('is none once it has expired', async () => {
    turnOn({ expires: Date.now() - 1 })
    expect(await ask(edit)).toEqual(nothing)
    turnOn({ expires: Date.now() + 60_000 })
    expect((await ask(edit)).stdout).toContain('block')
  })

  test.each([
    ['absent', undefined],
    ['half written', '{"version":1,"ma'],
    ['newer', '{"version":2,"mail":[]}'],
    ['empty', ''],
  ])('is none where its file is %s', async (_, text) => {
    mkdirSync(home())
    if (text !== undefined) writeFileSync(join(home(), 'modes.json'), text)
    expect(await ask(edit)).toEqual(nothing)
  })
})

describe('the directive', () => {
  const start = { hook_event_name: 'SessionStart', session_id: 'one' }
  const prompt = { hook_event_name: 'UserPromptSubmit', session_id: 'one' }

  test('the directive is given once, and again in a new session or when the mode is turned on again', async () => {
    turnOn()
    expect(await said(prompt)).toBe(orchestrationDirective)
    expect(await said(prompt)).toBe(orchestrationReminder)
    expect(await said({ ...prompt, session_id: 'two' })).toBe(orchestrationDirective)
    expect(await said(start)).toBe(orchestrationDirective)
    expect(await said(prompt)).toBe(orchestrationReminder)
    expect(readdirSync(join(home(), 'told')).sort()).toEqual(['claude-one', 'claude-two'])
    utimesSync(join(home(), 'told/claude-one'), 1, 1)
    expect(await said(prompt)).toBe(orchestrationDirective)
    expect(await said(prompt)).toBe(orchestrationReminder)
  })

  test('is said each time where it cannot be remembered', async () => {
    turnOn()
    writeFileSync(join(home(), 'told'), 'a file is in the way')
    expect([await said(prompt), await said(prompt)]).toEqual([orchestrationDirective, orchestrationDirective])
    rmSync(join(home(), 'told'))
    const wild = { ...prompt, session_id: '../../wild' }
    expect([await said(wild), await said(wild)]).toEqual([orchestrationDirective, orchestrationDirective])
    expect(readdirSync(home())).toEqual(['modes.json'])
  })
})

describe('mail', () => {
  const start = { hook_event_name: 'SessionStart', session_id: 'one' }
  const prompt = { ...start, hook_event_name: 'UserPromptSubmit' }
  const stop = { ...start, hook_event_name: 'Stop' }
  const read = { ...start, hook_event_name: 'PreToolUse', tool_name: 'Read' }
  const two = '2 messages wait for you (project) from api, web: call `sync` of subagent-mcp to read them.'

  test('mail is announced once for each newest message, and again in a new session', async () => {
    leave({})
    expect(await toldTo(start)).toBe(two)
    expect(await toldTo(prompt)).toBeUndefined()
    expect(await toldTo(read)).toBeUndefined()
    expect(await toldTo(stop)).toBeUndefined()
    expect(await toldTo({ ...prompt, session_id: 'two' })).toBe(two)
    leave({ newest: 'm3', waiting: 3 })
    expect(await toldTo({ ...read, cwd: join(project(), 'deeper') })).toBe(two.replace('2', '3'))
    expect(await toldTo({ ...stop, stop_hook_active: true })).toBeUndefined()
    leave({ newest: 'm4', waiting: 4 })
    expect(await toldTo({ ...stop, stop_hook_active: true })).toBe(two.replace('2', '4'))
    expect(await toldTo(start)).toBe(two.replace('2', '4'))
    expect(readdirSync(join(home(), 'told')).sort()).toEqual(['mail-one', 'mail-two'])
  })

  test('continues no turn twice where it cannot be remembered', async () => {
    leave({})
    writeFileSync(join(home(), 'told'), 'a file is in the way')
    expect(await toldTo(stop)).toBe(two)
    expect(await toldTo({ ...stop, stop_hook_active: true })).toBeUndefined()
  })

  test('mail is announced beside the mode, but not with a denial', async () => {
    turnOn()
    leave({})
    const write = { ...edit, session_id: 'one' }
    expect((await ask(write)).stdout).toBe(
      JSON.stringify({ decision: 'block', reason: toolDenialTexts.edit }),
    )
    expect(await toldTo(prompt)).toBe(`${orchestrationDirective}\n\n${two}`)
    expect(await toldTo(prompt)).toBe(orchestrationReminder)
  })

  test('is that of the project, and told to no other host and no agent of ours', async () => {
    leave({})
    expect(await ask({ ...start, cwd: folder() })).toEqual(nothing)
    expect(await ask(start, { SUBAGENT_MCP_DEPTH: '1' })).toEqual(nothing)
    const said = JSON.stringify({ ...start, cwd: project() })
    expect(await run(['hook', 'codex'], said)).toEqual(nothing)
    expect(await run(['hook', 'gemini'], said)).toEqual(nothing)
  })

  test.each([
    ['half written', '{"version":1,"ma'],
    ['newer', '{"version":2,"mail":[]}'],
    ['empty', ''],
  ])('is none where its file is %s', async (_, text) => {
    mkdirSync(home())
    writeFileSync(join(home(), 'mail.json'), text)
    expect(await ask(start)).toEqual(nothing)
  })

  /** Writes the file of waiting mail, with two messages for the project. */
  function leave(more: Partial<WaitingMail>): void {
    const waiting = { name: 'project', project: project(), waiting: 2, newest: 'm2', from: ['api', 'web'] }
    writeWaitingMailForHooks(home(), [{ ...waiting, ...more }])
  }
})

test('a denial that cannot be written denies all the same', async () => {
  turnOn()
  const [words, stdin] = [JSON.stringify({ cwd: project(), ...edit }), join(folder(), 'said')]
  writeFileSync(stdin, words)
  const [input, output] = [openSync(stdin, 'r'), openSync(stdin, 'r')]
  const child = spawn(process.execPath, [script(), 'hook', 'claude'], {
    env: environment(),
    // Its stdout can only be read.
    stdio: [input, output, 'pipe'],
  })
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => (stderr += String(chunk)))
  const code = await new Promise((resolve) => child.once('close', resolve))
  closeSync(input)
  closeSync(output)
  expect({ code, stderr }).toEqual({ code: 2, stderr: toolDenialTexts.edit })
})

test.each(['</dev/null', '<&-', '< .'])('with %s for its stdin it says nothing', async (redirection) => {
  turnOn()
  const line = `'${process.execPath}' '${script()}' hook claude ${redirection}`
  expect(
    await untilProcessEnds(spawn('/bin/sh', ['-c', line], { env: environment(), stdio: 'pipe' })),
  ).toEqual(nothing)
})

test('it loads next to nothing', () => {
  const [hook, ...others] = chunks()
  expect(others).toEqual([])
  expect(hook?.imports.toSorted()).toEqual(['node:fs', 'node:os', 'node:path'])
  expect(hook?.dynamicImports).toEqual([])
  expect(hook?.code.length).toBeLessThan(30_500)
  const foreign = hook?.moduleIds.filter((id) => !/\/(apps\/cli|packages\/orchestration)\//.test(id))
  expect(foreign?.toSorted()).toEqual([
    expect.stringContaining('/trusted-path.js'),
    expect.stringContaining('/unix-group-of-one-user.js'),
    expect.stringContaining('/subagent-error.js'),
    expect.stringContaining('/start-time.js'),
    expect.stringContaining('/project-root.js'),
    expect.stringContaining('/server-entry.js'),
    expect.stringContaining('/is-set-up.js'),
    expect.stringContaining('/host-mail-names.js'),
    expect.stringContaining('/mail-name.js'),
    expect.stringContaining('/mail-project.js'),
  ])
})

/** In the project, as of now. */
function turnOn(more: { expires?: number } = {}): void {
  mkdirSync(home(), { recursive: true })
  const entry = { since: Date.now() - 60_000, by: 'terminal', ...more }
  const file = { version: 1, projects: { [project()]: entry } }
  writeFileSync(join(home(), 'modes.json'), JSON.stringify(file))
}

/** Returns the text of orchestration mode that a hook sends to a session in the project, if any. */
async function said(event: object): Promise<string | undefined> {
  const { stdout } = await ask(event)
  return [orchestrationDirective, orchestrationReminder].find((words) =>
    stdout.includes(JSON.stringify(words)),
  )
}
