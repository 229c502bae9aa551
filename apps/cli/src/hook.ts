import { getMailProjectId, listHostMailNames } from '@subagent-mcp/mailbox/names'
import { runHook } from '@subagent-mcp/orchestration'
import { getTrustedStateFolder } from './settings/state-folder.js'
import { pluginYieldsToSetup } from './plugin-yields-to-setup.js'

// The entry point of the hook bundle. Hosts wait for the hook at each prompt and each tool call, so it loads very little.
process.exitCode = runHook({
  host: process.argv[3],
  environment: process.env,
  now: Date.now,
  parent: process.ppid,
  stateFolder: () => getTrustedStateFolder(process.env),
  yields: (project) => pluginYieldsToSetup(process.argv[3], { project, hooks: true }),
  mailAddress: (project) => ({ project: getMailProjectId(project), names: listHostMailNames(project) }),
})
