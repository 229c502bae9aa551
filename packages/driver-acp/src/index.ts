export { AcpAgent, acpProfile, isGuarded } from './agent-config.js'
export { createAcpDriver, type AcpDriverOptions } from './driver.js'
export { geminiProfile } from './gemini-profile.js'
export { type AcpProfile } from './profile.js'
