import { isTaskCategory, taskCategories } from '@subagent-mcp/contract'

/** The kinds of task, by which the routing table chooses providers. */
export const categoryNames = Object.keys(taskCategories).filter(isTaskCategory)
