export { createCodexDriver } from './driver.js'
export { repositoryColumns } from './repository-columns.js'
