import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding } from './check.js'
import { listTools, type ServerWords } from './list-tools.js'
import { toolBudgets } from './tool-budgets.js'

/** What our tools cost every host in every prompt: names, descriptions, schemas, annotations, instructions. */
export async function checkToolWeight(root: string): Promise<Finding> {
  const home = mkdtempSync(join(tmpdir(), 'tool-weight-'))
  try {
    return weigh(await listTools(join(root, 'apps/cli/bin/subagent-mcp.js'), home))
  } finally {
    rmSync(home, { recursive: true })
  }
}

function weigh({ instructions, tools }: ServerWords): Finding {
  const first = tools.filter(({ name }) => firstTools.includes(name))
  const firstBytes = bytesOf(first) + byteLength(instructions)
  const allBytes = bytesOf(tools) + byteLength(instructions)
  const parts = [
    `instructions ${byteLength(instructions)}`,
    ...tools.map((tool) => `${tool.name} ${bytesOf(tool)}`),
  ]
  return {
    summary: `${allBytes} bytes, an estimated ${Math.round(allBytes / 4)} tokens (bytes / 4): ${parts.join(', ')}`,
    problems: [
      ...missing(first.map(({ name }) => name)),
      ...over(`the ${firstTools.length} first tools`, firstBytes, toolBudgets.first.bytes),
      ...over(`all ${tools.length} tools`, allBytes, toolBudgets.all.bytes),
    ],
  }
}

const firstTools: readonly string[] = toolBudgets.first.tools

function missing(listed: readonly string[]): string[] {
  return firstTools.filter((name) => !listed.includes(name)).map((name) => `${name} is not listed`)
}

function over(what: string, bytes: number, budget: number): string[] {
  return bytes > budget ? [`${what} and the instructions weigh ${bytes} bytes, ${budget} at most`] : []
}

function bytesOf(value: unknown): number {
  return byteLength(JSON.stringify(value))
}

function byteLength(text: string): number {
  return Buffer.byteLength(text)
}
