import { permissionPresets } from '@subagent-mcp/contract'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { parseToolCall } from '../call/parse-tool-call.js'
import {
  encodeCallerPermissions,
  limitCallerPermissions,
  areCallerPermissionsWithin,
  strictestCallerPermissions,
  decodeCallerPermissions,
  type CallerPermissions,
} from './caller-permissions.js'
import { decideToolCall } from './preset.js'
import { project, rule } from '../project.test.support.js'

const { place, remove } = project()
afterAll(remove)

const ruleTexts = [
  '*',
  'Bash',
  'Bash(rm:*)',
  'Bash(make)',
  'Edit(src/**)',
  'Edit(//**)',
  'Read(~/**)',
  'mcp__*',
  'mcp__x__y',
  'WebFetch(domain:*)',
]
const someRules = fc
  .uniqueArray(fc.constantFrom(...ruleTexts), { maxLength: 3 })
  .map((texts) => texts.map(rule))
const open: fc.Arbitrary<CallerPermissions> = fc.record({
  preset: fc.constantFrom(...permissionPresets),
  rules: fc.record({ deny: someRules, ask: someRules, allow: someRules }),
})
const closedList = fc.record({ by: fc.constantFrom('host' as const, 'agent' as const), allow: someRules })
const authority: fc.Arbitrary<CallerPermissions> = fc.oneof(
  open,
  fc.tuple(open, closedList).map(([one, closed]) => ({ ...one, closed })),
)

const commands = [
  'ls',
  'make',
  'rm src/a',
  'rm -rf /',
  'git push -f',
  'npm test',
  'echo "',
  'cat ~/.ssh/x',
  'make > src/x',
]
const calls = [
  ...commands.map((command) => parseToolCall('claude', { tool: 'Bash', input: { command } }, place)),
  ...['Read', 'Edit'].flatMap((tool) =>
    ['src/x', '../x', '.git/config', '~/.ssh/x'].map((file_path) =>
      parseToolCall('claude', { tool, input: { file_path } }, place),
    ),
  ),
  parseToolCall('claude', { tool: 'mcp__x__y', input: {} }, place),
  parseToolCall('claude', { tool: 'WebFetch', input: { url: 'https://a.example' } }, place),
]

/** Ranks how much a decision allows: an approval by a person only ranks below one that a model may give. */
const extent = (one: CallerPermissions, call: (typeof calls)[number]): number => {
  const decision = decideToolCall({ ...one, testCommands: ['npm test'] }, call, place)
  if (decision.verdict === 'ask') return decision.humanOnly ? 1 : 2
  return decision.verdict === 'allow' ? 3 : 0
}

test('no sequence of launches gives a child more than its parent', () => {
  fc.assert(
    fc.property(
      authority,
      fc.array(authority, { maxLength: 5 }),
      fc.constantFrom(...calls),
      (host, asked, call) => {
        let [parent, most] = [host, extent(host, call)]
        for (const wish of asked) {
          parent = limitCallerPermissions(parent, wish)
          const least = extent(parent, call)
          expect(least).toBeLessThanOrEqual(most)
          most = least
        }
      },
    ),
    { numRuns: 2000 },
  )
})

const chain = fc.tuple(authority, fc.array(authority, { maxLength: 4 }))

test('what is granted is within what it was granted from, all the way up', () => {
  fc.assert(
    fc.property(chain, ([host, asked]) => {
      const line = asked.reduce(
        (all, wish) => [...all, limitCallerPermissions(all.at(-1) ?? host, wish)],
        [host],
      )
      for (const [at, child] of line.entries()) {
        for (const parent of line.slice(0, at)) expect(areCallerPermissionsWithin(parent, child)).toBe(true)
      }
    }),
  )
})

test('what is within is granted as it is, and granting again changes nothing', () => {
  fc.assert(
    fc.property(authority, authority, (parent, asked) => {
      const child = limitCallerPermissions(parent, asked)
      expect(limitCallerPermissions(parent, child)).toEqual(child)
      const texts = Object.values(child.rules).map((rules) => rules.map(({ text }) => text))
      for (const list of texts) expect(new Set(list).size).toBe(list.length)
      if (areCallerPermissionsWithin(parent, asked)) {
        expect(child.preset).toBe(asked.preset)
        expect(child.rules.allow).toEqual(asked.rules.allow)
        expect(child.closed).toEqual(asked.closed)
        expect(areCallerPermissionsWithin(asked, child) && areCallerPermissionsWithin(child, asked)).toBe(
          true,
        )
      }
    }),
  )
})

test('more than a parent has is not within it', () => {
  const parent: CallerPermissions = {
    preset: 'ask',
    rules: { deny: [rule('Bash(rm:*)')], ask: [], allow: [] },
  }
  expect(areCallerPermissionsWithin(parent, { ...parent, preset: 'accept-edits' })).toBe(false)
  expect(areCallerPermissionsWithin(parent, { ...parent, rules: { ...parent.rules, deny: [] } })).toBe(false)
  expect(
    areCallerPermissionsWithin(parent, { ...parent, rules: { ...parent.rules, allow: [rule('Bash')] } }),
  ).toBe(false)
  expect(areCallerPermissionsWithin(parent, { ...strictestCallerPermissions, rules: parent.rules })).toBe(
    true,
  )
})

test('a closed list is passed on, and only gets shorter; a yes of the host is not passed on to who has it not', () => {
  const host: CallerPermissions = { preset: 'ask', rules: { deny: [], ask: [], allow: [] } }
  const list = (by: 'host' | 'agent', ...texts: string[]) => ({ by, allow: texts.map(rule) })
  const worker = { ...host, closed: list('host', 'mcp__x__y', 'Bash(make)') }
  expect(limitCallerPermissions(worker, host).closed).toEqual(worker.closed)
  expect(
    limitCallerPermissions(worker, { ...host, closed: list('agent', 'Bash', 'Bash(make)') }).closed,
  ).toEqual(list('agent', 'Bash(make)'))
  expect(limitCallerPermissions(host, worker).closed).toEqual(list('agent', 'mcp__x__y', 'Bash(make)'))
  expect(areCallerPermissionsWithin(worker, host)).toBe(false)
  expect(areCallerPermissionsWithin(host, worker)).toBe(false)
  expect(areCallerPermissionsWithin(worker, { ...host, closed: list('host', 'Bash(make)') })).toBe(true)
})

test('a ceiling is read as it was written', () => {
  fc.assert(
    fc.property(authority, (one) => {
      expect(decodeCallerPermissions(encodeCallerPermissions(one))).toEqual(one)
    }),
  )
})

test('the text of older versions, without a list, still reads', () => {
  const read = decodeCallerPermissions('["ask",[],[],["Bash"]]')
  expect(read).toEqual({ preset: 'ask', rules: { deny: [], ask: [], allow: [rule('Bash')] } })
})

test.each([
  '',
  'x',
  '{}',
  'null',
  '[]',
  '["ask"]',
  '["all",[],[],[]]',
  '["ask",[],[],["("]]',
  '["ask",[],[],[1]]',
  '["ask",[],[],[],"host"]',
  '["ask",[],[],[],"me",[]]',
  '["ask",[],[],[],"host",["("]]',
  '["ask",[],[],[],"host",[],[]]',
])('%j is no ceiling', (text) => {
  expect(decodeCallerPermissions(text)).toBeUndefined()
})

test('no text makes the reading of a ceiling throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(decodeCallerPermissions(text)).toBeUndefined()
    }),
  )
})
