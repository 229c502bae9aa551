import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { understand } from './call.js'
import {
  ceilingText,
  grant,
  isWithin,
  mostRestricted,
  presets,
  readCeiling,
  type Authority,
} from './ceiling.js'
import { decide } from './preset.js'
import { project, rule } from './project.test.support.js'

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
  'WebFetch(domain:*)',
]
const someRules = fc
  .uniqueArray(fc.constantFrom(...ruleTexts), { maxLength: 3 })
  .map((texts) => texts.map(rule))
const authority: fc.Arbitrary<Authority> = fc.record({
  preset: fc.constantFrom(...presets),
  rules: fc.record({ deny: someRules, ask: someRules, allow: someRules }),
})

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
  ...commands.map((command) => understand('claude', { tool: 'Bash', input: { command } }, place)),
  ...['Read', 'Edit'].flatMap((tool) =>
    ['src/x', '../x', '.git/config', '~/.ssh/x'].map((file_path) =>
      understand('claude', { tool, input: { file_path } }, place),
    ),
  ),
  understand('claude', { tool: 'mcp__x__y', input: {} }, place),
  understand('claude', { tool: 'WebFetch', input: { url: 'https://a.example' } }, place),
]

/** How much a decision lets pass: a yes that only a person gives is less than one that a model may give. */
const extent = ({ preset, rules }: Authority, call: (typeof calls)[number]): number => {
  const decision = decide({ preset, rules, testCommands: ['npm test'] }, call, place)
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
        asked.reduce((parent, wish) => {
          const child = grant(parent, wish)
          expect(extent(child, call)).toBeLessThanOrEqual(extent(parent, call))
          return child
        }, host)
      },
    ),
    { numRuns: 2000 },
  )
})

const chain = fc.tuple(authority, fc.array(authority, { maxLength: 4 }))

test('what is granted is within what it was granted from, all the way up', () => {
  fc.assert(
    fc.property(chain, ([host, asked]) => {
      const line = asked.reduce((all, wish) => [...all, grant(all.at(-1) ?? host, wish)], [host])
      for (const [at, child] of line.entries()) {
        for (const parent of line.slice(0, at)) expect(isWithin(parent, child)).toBe(true)
      }
    }),
  )
})

test('what is within is granted as it is, and granting again changes nothing', () => {
  fc.assert(
    fc.property(authority, authority, (parent, asked) => {
      const child = grant(parent, asked)
      expect(grant(parent, child)).toEqual(child)
      const texts = Object.values(child.rules).map((rules) => rules.map(({ text }) => text))
      for (const list of texts) expect(new Set(list).size).toBe(list.length)
      if (isWithin(parent, asked)) {
        expect(child.preset).toBe(asked.preset)
        expect(child.rules.allow).toEqual(asked.rules.allow)
        expect(isWithin(asked, child) && isWithin(child, asked)).toBe(true)
      }
    }),
  )
})

test('more than a parent has is not within it', () => {
  const parent: Authority = { preset: 'ask', rules: { deny: [rule('Bash(rm:*)')], ask: [], allow: [] } }
  expect(isWithin(parent, { ...parent, preset: 'accept-edits' })).toBe(false)
  expect(isWithin(parent, { ...parent, rules: { ...parent.rules, deny: [] } })).toBe(false)
  expect(isWithin(parent, { ...parent, rules: { ...parent.rules, allow: [rule('Bash')] } })).toBe(false)
  expect(isWithin(parent, { ...mostRestricted, rules: parent.rules })).toBe(true)
})

test('a ceiling is read as it was written', () => {
  fc.assert(
    fc.property(authority, (one) => {
      expect(readCeiling(ceilingText(one))).toEqual(one)
    }),
  )
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
])('%j is no ceiling', (text) => {
  expect(readCeiling(text)).toBeUndefined()
})

test('no text makes the reading of a ceiling throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(readCeiling(text)).toBeUndefined()
    }),
  )
})
