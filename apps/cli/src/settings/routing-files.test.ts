import { defaultRoutingTable } from '@subagent-mcp/routing'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRoutingFiles } from './routing-files.js'

let root = ''
let project = ''
const read = (): unknown => readRoutingFiles(project, { SUBAGENT_MCP_HOME: join(root, 'home') })
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'subagent-routing-'))
  project = join(root, 'project')
  for (const folder of [join(root, 'home'), join(project, '.subagent-mcp')]) {
    mkdirSync(folder, { recursive: true })
  }
})
afterEach(() => {
  rmSync(root, { recursive: true })
})
const user = (text: string): void => {
  writeFileSync(join(root, 'home', 'routing.jsonc'), text)
}
const ofProject = (text: string): void => {
  writeFileSync(join(project, '.subagent-mcp', 'routing.jsonc'), text)
}

test('without files it is the default table', () => {
  expect(read()).toEqual(defaultRoutingTable())
})

test("the project's lies on the user's, and both are read afresh", () => {
  expect(read()).toEqual(defaultRoutingTable())
  user('{ "health": false, "categories": { "coding": { "candidates": [{ "provider": "a" }] } } } // mine')
  ofProject('{ "categories": { "coding": { "candidates": [{ "provider": "b" }] } }, }')
  const coding = { candidates: [{ provider: 'b' }] }
  const categories = { ...defaultRoutingTable().categories, coding }
  expect(read()).toEqual({ ...defaultRoutingTable(), $schema: undefined, health: false, categories })
})

test('reports a mistake with the file and the place', () => {
  ofProject('{ "strongest": [{ "provider": "claude", "effort": "hard" }] }')
  expect(read).toThrow(join(project, '.subagent-mcp', 'routing.jsonc:1: strongest[0].effort'))
})
