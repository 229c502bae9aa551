export { parseToolCall } from './call/parse-tool-call.js'
export { type ToolCallAction, type ParsedToolCall } from './call/tool-call-action.js'
export {
  encodeCallerPermissions,
  limitCallerPermissions,
  areCallerPermissionsWithin,
  strictestCallerPermissions,
  chooseStricterPreset,
  decodeCallerPermissions,
  type CallerPermissions,
  type CallAllowlist,
} from './rules/caller-permissions.js'
export { maskSecrets } from './masking/mask-secrets.js'
export { findNetworkUse, type NetworkUse } from './effects/network-use.js'
export { isCredentialFile } from './places/credentials.js'
export { matchesGlob } from './places/glob.js'
export {
  createDiskToolCallContext,
  resolveCallPath,
  type ToolCallContext,
} from './places/tool-call-context.js'
export { decideToolCall, type ToolCallDecision, type PermissionPolicy } from './rules/preset.js'
export { parsePermissionRule, checkPermissionRule, type PermissionRule } from './rules/read-rule.js'
export { doesRuleNameTool, noPermissionRules, type PermissionRules } from './rules/rule.js'
