export { createClaudeDriver } from './driver.js'
export { repositoryTableColumns } from './repository-table-columns.js'
