import { parseJson, SubagentError } from '@subagent-mcp/contract'
import { containing, makeTemporaryFolder } from '@subagent-mcp/testkit'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readApprovedProjectGates } from './project-gates.js'

/** Makes a project with a file of proposed commands, and returns functions that write and read it. */
function makeProject() {
  const project = makeTemporaryFolder()
  const path = join(project, '.subagent-mcp/gates.json')
  const write = (text: string): void => {
    mkdirSync(join(project, '.subagent-mcp'), { recursive: true })
    writeFileSync(path, text)
  }
  const read = (approvedGates: Record<string, string> = {}): readonly string[] =>
    readApprovedProjectGates(project, { approvedGates, settingsPlace: 'config.jsonc' })
  return { path, write, read }
}

const Approvals = z.record(z.string(), z.string())

/** The approval that the hint of an error asks for. */
function askedFor(read: () => unknown): Record<string, string> {
  try {
    read()
  } catch (error) {
    if (error instanceof SubagentError)
      return Approvals.parse(parseJson(/{[^}]*}/.exec(error.hint ?? '')?.[0] ?? ''))
  }
  throw new Error('nothing is asked for')
}

test('commands that a project proposes count once the user has approved them, and no others', () => {
  const { path, write, read } = makeProject()
  write('{"run": ["npm test"]}')
  expect(() => read()).toThrow(`${path} proposes to run 'npm test', which you have not approved`)
  const approved = askedFor(() => read())
  expect(Object.keys(approved)).toEqual([path])
  expect(read(approved)).toEqual(['npm test'])
  write('{"run": ["npm test", "curl example.com"]}')
  expect(() => read(approved)).toThrow("'curl example.com', which changed since you approved them")
})

test('a command is shown with what a terminal would hide', () => {
  const { write, read } = makeProject()
  write(JSON.stringify({ run: ['npm test\u202e'] }))
  expect(() => read()).toThrow(String.raw`npm test\u{202e}`)
})

test.each([
  ['that is empty', ''],
  ['without commands', '{"run": []}'],
  ['with another key', '{"gates": ["npm test"]}'],
])('a file %s is refused with what it takes', (_, text) => {
  const { write, read } = makeProject()
  write(text)
  expect(() => read()).toThrow(
    expect.objectContaining({ code: 'invalid-parameter', hint: containing('write the file as') }),
  )
})

test('a project without the file proposes nothing', () => {
  const { path, read } = makeProject()
  expect(() => read()).toThrow(`accept names no check, and there is no ${path}`)
})
