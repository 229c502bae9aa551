export { createCodexDriver } from './driver.js'
export { createCodexMessageQueue } from './message-queue.js'
export { repositoryTableColumns } from './repository-table-columns.js'
