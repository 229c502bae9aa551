/** The fifteen categories of tasks. The routing table gives the four before `fallback_default` the candidates of other categories. */
export const taskCategories = {
  math_proof: 'the deliverable is a proof, a derivation, a formally checkable result',
  security_review: 'a security verdict, threat assessment or demonstrated exploit',
  debugging: 'a verified fix or root cause; needs an observed failure to start from',
  quality_review: 'a verdict on an existing artifact (review, A against B, validate against a spec)',
  architecture: 'cross-module design or plan; no code, no execution loop',
  agentic_execution: 'an end state reached by act, observe, adapt (run, deploy, provision, browse)',
  data_analysis: 'an empirical finding about structured data (query, statistics, model)',
  coding: 'a bounded runnable code artifact in one pass (implement, test, refactor)',
  knowledge_synthesis: 'new integrated prose over sources (synthesize, summarize, draft)',
  mechanical: 'a deterministic single-pass transform, checkable by exact match (grep, rename, reformat)',
  prompt_engineering: 'a designed or optimized prompt or prompt system (composite)',
  vulnerability_research: 'discovery and proof of concept of a new vulnerability (composite)',
  molecular_biology: 'a reasoned molecular or computational biology result (composite)',
  ml_accelerator_design: 'hardware/software design for ML acceleration (composite)',
  fallback_default: 'none matches with confidence; better to split the work',
} as const

export type TaskCategory = keyof typeof taskCategories

export function isTaskCategory(name: string): name is TaskCategory {
  return Object.hasOwn(taskCategories, name)
}
