export { createClaudeDriver, type ClaudeDriverOptions } from './driver.js'
