import type { api } from '../api.js'

/** The endpoints that a page may call. A page is one more holder of a token, so it gets no more than its views need. */
export const pageEndpoints = [
  'startPageSession',
  'endPageSession',
  'pageEvents',
  'health',
  'usage',
  'routes',
  'listAgents',
  'getAgent',
  'launchAgent',
  'sendMessage',
  'interruptAgent',
  'killAgent',
  'getChanges',
  'actOnChanges',
  'listPermissions',
  'permissionLog',
  'answerPermission',
  'mailAgents',
  'mailThreads',
  'mailThread',
  'deadLetters',
  'reviveLetter',
  'listAttendances',
  'fleet',
] as const satisfies readonly (keyof typeof api)[]
