export { parseToolCall } from './call/call.js'
export { type CallAction, type ParsedToolCall } from './call/action.js'
export {
  encodeAuthority,
  limitAuthority,
  isAuthorityWithin,
  strictestAuthority,
  stricterPreset,
  decodeAuthority,
  type Authority,
  type CallAllowlist,
} from './rules/ceiling.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { networkUseOf, type NetworkUse } from './effects/network-use.js'
export { isCredential } from './places/credentials.js'
export { matchesGlob } from './places/glob.js'
export { createDiskCallContext, resolveCallPath, type CallContext } from './places/place.js'
export { decideToolCall, type CallDecision, type PermissionPolicy } from './rules/preset.js'
export { parseRule, checkRule, type PermissionRule } from './rules/read-rule.js'
export { ruleNamesTool, noRules, type PermissionRules } from './rules/rule.js'
