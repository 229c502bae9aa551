export { createCodexDriver, type CodexDriverOptions } from './driver.js'
