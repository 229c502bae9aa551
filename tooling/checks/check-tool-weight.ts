import type { CheckResult } from './check.js'
import { listTools } from './list-tools.js'
import { toolBudgets } from './tool-budgets.js'

/**
 * Checks the bytes that our server adds to every prompt of a host against the budgets: names, titles, descriptions, input schemas
 * and annotations of its tools, and its instructions. The output schemas have a budget of their own.
 */
export async function checkToolWeight(root: string): Promise<CheckResult> {
  const { instructions, tools: listed } = await listTools(root)
  const tools = listed.map(({ outputSchema, ...tool }) => tool)
  const first = tools.filter(({ name }) => firstTools.includes(name))
  const firstBytes = bytesOf(first) + byteLength(instructions)
  const allBytes = bytesOf(tools) + byteLength(instructions)
  const outputBytes = listed.reduce((sum, { outputSchema = {} }) => sum + bytesOf(outputSchema), 0)
  const parts = [
    `instructions ${byteLength(instructions)}`,
    ...tools.map((tool) => `${tool.name} ${bytesOf(tool)}`),
  ]
  return {
    summary: `${allBytes} bytes, an estimated ${Math.round(allBytes / 4)} tokens (bytes / 4): ${parts.join(', ')}; output schemas ${outputBytes}`,
    problems: [
      ...missing(first.map(({ name }) => name)),
      ...over(
        `the ${firstTools.length} first tools and the instructions`,
        firstBytes,
        toolBudgets.first.bytes,
      ),
      ...over(`all ${tools.length} tools and the instructions`, allBytes, toolBudgets.all.bytes),
      ...over('the output schemas', outputBytes, toolBudgets.outputs.bytes),
    ],
  }
}

const firstTools: readonly string[] = toolBudgets.first.tools

function missing(listed: readonly string[]): string[] {
  return firstTools
    .filter((name) => !listed.includes(name))
    .map((name) => `the server does not list ${name}, which tool-budgets.ts names`)
}

function over(name: string, bytes: number, budget: number): string[] {
  return bytes > budget ? [`${name} weigh ${bytes} bytes, ${budget} at most; shorten their texts`] : []
}

function bytesOf(value: unknown): number {
  return byteLength(JSON.stringify(value))
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}
