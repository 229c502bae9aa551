import { isTaskCategory, taskCategories } from '@subagent-mcp/contract'
import type { RankedCandidate, RoutingTable } from './routing-table.js'

/** The fifteen task categories. */
export const categoryNames = Object.keys(taskCategories).filter(isTaskCategory)

/** A table in which every category has the same list. */
export function tableOf(candidates: RankedCandidate[]): RoutingTable {
  const ranking = { candidates }
  return {
    health: true,
    strongest: candidates.slice(0, 1),
    sources: {},
    categories: {
      math_proof: ranking,
      security_review: ranking,
      debugging: ranking,
      quality_review: ranking,
      architecture: ranking,
      agentic_execution: ranking,
      data_analysis: ranking,
      coding: ranking,
      knowledge_synthesis: ranking,
      mechanical: ranking,
      fallback_default: ranking,
      prompt_engineering: ranking,
      vulnerability_research: ranking,
      molecular_biology: ranking,
      ml_accelerator_design: ranking,
    },
  }
}
