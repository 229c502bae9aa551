import { readText, removeBlock } from '@subagent-mcp/installer'
import { planBlocks, type BlockPlan } from './plan-blocks.js'
import { writeBlocks, type BlockOutcome, type BlockRegistry } from './write-blocks.js'

/** Brings the blocks that were written earlier up to date, and says which; one that the user took out stays out. */
export function refreshBlocks(registry: BlockRegistry): BlockOutcome[] {
  return writeBlocks(planBlockRefresh(registry), registry).filter(({ type }) => type !== 'unchanged')
}

/** What that comes to; touches nothing. */
export function planBlockRefresh(registry: BlockRegistry): BlockPlan[] {
  const written = registry.read().files.filter(({ record }) => record.takeOut.type === 'block')
  const paths = new Set(written.map(({ record }) => record.path))
  const files = [...paths].filter(hasBlock).map((path) => ({ path, head: '', scope: 'user' }) as const)
  return planBlocks(files)
}

/** Also a broken one: that is told. */
function hasBlock(path: string): boolean {
  const file = readText(path)
  return file.type === 'text' && removeBlock(file.text).type !== 'unchanged'
}
