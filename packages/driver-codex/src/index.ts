export { createCodexDriver, type CodexDriverOptions } from './driver.js'
export { repositoryColumns } from './repository-columns.js'
