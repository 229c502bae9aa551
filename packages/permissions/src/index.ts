export { parseToolCall } from './call/call.js'
export { type CallAction, type ParsedToolCall } from './call/action.js'
export {
  encodeCallerPermissions,
  limitCallerPermissions,
  areCallerPermissionsWithin,
  strictestCallerPermissions,
  chooseStricterPreset,
  decodeCallerPermissions,
  type CallerPermissions,
  type CallAllowlist,
} from './rules/ceiling.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { findNetworkUse, type NetworkUse } from './effects/network-use.js'
export { isCredentialFile } from './places/credentials.js'
export { matchesGlob } from './places/glob.js'
export { createDiskCallContext, resolveCallPath, type CallContext } from './places/place.js'
export { decideToolCall, type CallDecision, type PermissionPolicy } from './rules/preset.js'
export { parsePermissionRule, checkPermissionRule, type PermissionRule } from './rules/read-rule.js'
export { ruleNamesTool, noRules, type PermissionRules } from './rules/rule.js'
