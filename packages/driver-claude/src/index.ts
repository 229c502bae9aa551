export { createClaudeDriver, type ClaudeDriverOptions } from './driver.js'
export { repositoryColumns } from './repository-columns.js'
