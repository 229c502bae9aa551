import { expect, test } from 'vitest'
import { checkToolWeight } from './check-tool-weight.js'
import { makeTree } from './make-tree.js'
import { toolBudgets } from './tool-budgets.js'

test('weighs tools and instructions in bytes', async () => {
  const { summary, problems } = await weigh(namesOnly, 'Zähle')
  expect(problems).toEqual([])
  expect(summary).toContain('instructions 6,')
  expect(summary).toContain(`wait ${JSON.stringify({ name: 'wait' }).length}`)
})

test('finds the first tools over their budget', async () => {
  const { problems } = await weigh(namesOnly, 'x'.repeat(5400))
  expect(problems).toEqual([expect.stringContaining('the 7 first tools and the instructions weigh ')])
})

test('finds all tools over their budget', async () => {
  const { problems } = await weigh([...namesOnly, { name: 'later', description: 'x'.repeat(8500) }], '')
  expect(problems).toEqual([expect.stringContaining('all 8 tools and the instructions weigh 8')])
})

test('weighs output schemas by themselves', async () => {
  const outputSchema = { description: 'x'.repeat(22_000) }
  const { problems } = await weigh([...namesOnly, { name: 'later', outputSchema }], '')
  expect(problems).toEqual([expect.stringContaining('the output schemas weigh 22')])
})

test('finds a tool that is not listed', async () => {
  const { problems } = await weigh(namesOnly.slice(1), '')
  expect(problems).toEqual(['the server does not list launch_agent, which tool-budgets.ts names'])
})

test('fails when the server does not answer', async () => {
  const root = makeTree({ 'apps/cli/bin/subagent-mcp.js': '' })
  await expect(checkToolWeight(root)).rejects.toThrow('exited before it listed its tools')
})

const namesOnly = toolBudgets.first.tools.map((name) => ({ name }))

async function weigh(tools: readonly object[], instructions: string) {
  const results = { initialize: { instructions }, 'tools/list': { tools } }
  const server = `
    const results = ${JSON.stringify(results)}
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { id, method } = JSON.parse(line)
      if (id) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: results[method] }))
    })`
  return await checkToolWeight(makeTree({ 'apps/cli/bin/subagent-mcp.js': server }))
}
