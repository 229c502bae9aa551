import { findExecutable } from '@subagent-mcp/driver-kit'
import type { UserNotice } from '@subagent-mcp/runtime'

/** The command that shows a notice on the desktop. The notice is also on its stdin, as JSON in ASCII. */
export type DesktopCommand = { command: string; args: readonly string[] }

export type DesktopMachine = { platform: NodeJS.Platform; environment: Readonly<Record<string, string>> }

/** Returns the platform's own command for a notice; `undefined` on a machine without one. */
export function findDesktopNoticeCommand(
  { title, text }: UserNotice,
  desktop: DesktopMachine,
): DesktopCommand | undefined {
  const command = findDesktopNoticeProgram(desktop)
  if (command === undefined) return undefined
  switch (desktop.platform) {
    case 'darwin':
      return { command, args: [...appleScript, '--', title, text] }
    case 'win32':
      return { command, args: ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded(toastScript)] }
    default:
      return { command, args: ['--app-name=subagent-mcp', '--', title, withoutMarkup(text)] }
  }
}

/** Returns the path of the program that shows notices. */
export function findDesktopNoticeProgram({ platform, environment }: DesktopMachine): string | undefined {
  return findExecutable({ name: programNames[platform] ?? 'notify-send', environment, platform })
}

const programNames: Partial<Record<NodeJS.Platform, string>> = { darwin: 'osascript', win32: 'powershell' }

/** The AppleScript command for a notice. The texts are arguments of the script, so that they are not executed as a part of it. */
const appleScript = [
  ...['-e', 'on run argv'],
  ...['-e', 'display notification (item 2 of argv) with title (item 1 of argv)'],
  ...['-e', 'end run'],
]

/** Reads the notice from stdin. Windows shows it in the name of PowerShell, which every machine has. */
const toastScript = `
$notice = [Console]::In.ReadToEnd() | ConvertFrom-Json
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
[void][Windows.Data.Xml.Dom.XmlDocument, Windows.Data.Xml.Dom.XmlDocument, ContentType = WindowsRuntime]
$title = [Security.SecurityElement]::Escape($notice.title)
$text = [Security.SecurityElement]::Escape($notice.text)
$xml = New-Object Windows.Data.Xml.Dom.XmlDocument
$xml.LoadXml("<toast><visual><binding template='ToastGeneric'><text>$title</text><text>$text</text></binding></visual></toast>")
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$toast = New-Object Windows.UI.Notifications.ToastNotification $xml
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($toast)
`

function encoded(script: string): string {
  return Buffer.from(script, 'utf16le').toString('base64')
}

/** Escapes a text, because notification servers of Linux read it as markup. */
function withoutMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The notice as JSON with ASCII characters only, which every program decodes in the same way. */
export function encodeNoticeAsAsciiJson(notice: UserNotice): string {
  return JSON.stringify(notice).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
