export { createCodexDriver } from './driver.js'
export { createCodexMessageQueue } from './message-queue.js'
export { repositoryColumns } from './repository-columns.js'
