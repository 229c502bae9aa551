export { blockBody } from './blocks/block-body.js'
export { isWithinFolder, type BlockChange, type BlockPlan } from './blocks/plan-blocks.js'
export { type BlockOutcome } from './blocks/write-blocks.js'
export { type CodexVerdict } from './codex-trust/ask-codex.js'
export { codexHookTrust, type HookTrust, codexTrustFile } from './codex-trust/hook-trust.js'
export { unifiedDiff } from './diff.js'
export { isTable, valueAt } from './edit/value.js'
export { readOrRefuse, type TextFile } from './file/read-text.js'
export { hookedHosts } from './hooked-hosts.js'
export { hasOtherStatusLine } from './hosts/claude-code.js'
export { codexHooksFile, codexHooksReader } from './hosts/codex.js'
export { forwardedNames } from './hosts/forwarded-names.js'
export type { FileChange, Host, HostId, HostMachine, Wiring } from './hosts/host.js'
export { hosts } from './hosts/hosts.js'
export { noticeWaysOf, hostModeOf } from './notice-ways.js'
export { pluginFlag, serverName } from './hosts/server-entry.js'
export { thisMachine, type MachineOptions } from './hosts/this-machine.js'
export { init, type InitOptions, type InitPlan } from './init.js'
export { codexWakeChange, testCommandsChange, worktreeSetUpChange } from './own-settings.js'
export { plan, type FilePlan, type PlanStep, type RefusedChange, reverseOf } from './plan.js'
export { installedPlugins, type InstalledPlugin } from './plugins/installed-plugins.js'
export { readData } from './read-data.js'
export { isSetUp } from './records/is-set-up.js'
export { newRunName, openRecords, parseRunName, type Records } from './records/records.js'
export { type SetupChoice } from './records/records-data.js'
export { isStillInFile, type UndoneFile } from './records/undo-recorded.js'
export { refresh, type RefreshedFile, type StaleFile, type RefreshOptions } from './refresh.js'
export { rollback, type RollbackOptions, type RollbackPlan } from './rollback.js'
export {
  setup,
  createWiring,
  hostsToSetUp,
  statusLineAnswer,
  type SetupOptions,
  type SetupPlan,
  type SetupResult,
} from './setup.js'
export { uninstall, type UndoPlan, type UninstallOptions } from './uninstall.js'
export { changeRelease, returnToRelease, runProgram } from './releases/change-release.js'
export {
  findInstallation,
  isFromRegistry,
  isTemporaryPlace,
  type Installation,
} from './releases/installation.js'
export { releaseSource } from './releases/registry-source.js'
export { releaseQuerySeconds, type ReleaseSource } from './releases/release-source.js'
export {
  joinCommands,
  withCommandRunner,
  withSharedDeadline,
  type TypedCommand,
  type CommandRunner,
} from './releases/run-command.js'
export {
  lastingFolders,
  projectServerCommand,
  serverCommand,
  type RunningProgram,
} from './releases/server-command.js'
export { hasServiceFile, installService, serviceState, uninstallService } from './service/install-service.js'
export { serviceManager } from './service/service-manager.js'
export { type ServiceProgram } from './service/service-text.js'
