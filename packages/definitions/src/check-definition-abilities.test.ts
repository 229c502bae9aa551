import type { DriverAbilities } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { checkDefinitionAbilities, type DriverForDefinition } from './check-definition-abilities.js'
import { errorOf, makeProject } from './project.test.support.js'

const able: DriverAbilities = {
  resume: true,
  fork: true,
  steer: true,
  approve: true,
  interrupt: true,
  reset: true,
  rewind: true,
  toolChoice: true,
  maxTurns: true,
  ownMcpServers: true,
  confines: false,
  configure: true,
  usage: true,
  costs: true,
}

const driver = (abilities: Partial<DriverAbilities> = {}): DriverForDefinition => ({
  id: 'gemini',
  abilities: { ...able, ...abilities },
  effort: (effort, model) =>
    effort === 'max'
      ? { type: 'refused', message: `${model ?? 'the default model'} has no effort max` }
      : { type: 'none', note: 'it has no efforts' },
})

const project = (line: string) =>
  makeProject({ '.gemini/agents/a.md': `---\ndescription: d\n${line}\n---\n` })

const cases: readonly [line: string, abilities: Partial<DriverAbilities>, message: string][] = [
  ['tools: [Read]', { toolChoice: false }, 'tools: gemini cannot be held to some tools'],
  ['disallowedTools: [Read]', { toolChoice: false }, 'disallowedTools: gemini cannot be kept from a tool'],
  ['maxTurns: 2', { maxTurns: false }, 'maxTurns: gemini cannot be held to a number of turns'],
  ['max_turns: 2', { maxTurns: false }, 'max_turns: gemini cannot be held to a number of turns'],
  [
    'mcp_servers: { x: {} }',
    { ownMcpServers: false },
    'mcp_servers: gemini cannot be given servers of its own',
  ],
  ['prime: Look.', { rewind: false }, 'prime: gemini cannot go back to what it was primed with'],
]

test.each(cases)('%s needs an ability', (line, abilities, message) => {
  const made = project(line)
  const definition = made.find('a')
  expect(() => checkDefinitionAbilities(definition, driver())).not.toThrow()
  const error = errorOf(() => checkDefinitionAbilities(definition, driver(abilities)))
  expect(error.code).toBe('definition-invalid')
  expect(error.message).toContain(`${made.at('.gemini/agents/a.md')}:3: ${message}`)
  expect(error.hint).toMatch(/^take \w+ out, or give the agent another provider than gemini$/)
})

test('an effort that is refused is an error, one that is left out is not', () => {
  expect(() => checkDefinitionAbilities(project('effort: low').find('a'), driver())).not.toThrow()
  const refused = errorOf(() => checkDefinitionAbilities(project('effort: max').find('a'), driver()))
  expect(refused.message).toContain('a.md:3: effort: the default model has no effort max')
})

test('what a definition does not ask for need not be there; names of the user’s servers are no servers of its own', () => {
  const nothing = { rewind: false, toolChoice: false, maxTurns: false, ownMcpServers: false }
  const definition = project('mcpServers: [github]\ntools: ["*"]').find('a')
  expect(() => checkDefinitionAbilities(definition, driver(nothing))).not.toThrow()
})
