import { expect, test } from 'vitest'
import { renderIssueReport, type IssueReportMachine } from './issue-report.js'

const machine: IssueReportMachine = {
  version: '1.2.3',
  node: '24.1.0',
  system: 'linux 6.1.0 x64',
  home: '/home/alice',
  project: '/home/alice/secret-plan',
  userName: 'alice',
  hostName: 'wonderland',
}

/** The finding of a report with this text, without the name of its check. */
function reported(what: string, changes: Partial<IssueReportMachine> = {}): string | undefined {
  const text = renderIssueReport([{ check: 'hosts', severity: 'ok', what }], { ...machine, ...changes })
  return /^ok {7}hosts: (.*)$/m.exec(text)?.[1]
}

test('has the versions, and the findings as text that Markdown does not change', () => {
  const found = [{ check: 'node', severity: 'error', what: 'too ```old', mend: 'install it' } as const]
  expect(renderIssueReport(found, machine)).toBe(
    [
      'subagent-mcp 1.2.3, Node.js 24.1.0, linux 6.1.0 x64\n',
      "```text\nerror    node: too '''old\n         install it\n\n1 error, 0 warnings\n```\n",
    ].join('\n'),
  )
})

test.each([
  ['/home/alice/secret-plan/.mcp.json', '<project>/.mcp.json'],
  ['/home/alice/.claude.json and /home/alice', '~/.claude.json and ~'],
  ['~/.claude/projects/-home-Alice-x', '~/.claude/projects/-home-<user>-x'],
  ['the malice of wonderland.local', 'the malice of <machine>.local'],
  ['signed in as a.b+c@example.co.uk.', 'signed in as <e-mail>.'],
  [`key sk-ant-api03-${'x1Y2'.repeat(20)}`, 'key [masked: API key]'],
])('masks %s', (what, expected) => {
  expect(reported(what)).toBe(expected)
})

test('keeps words that are the name of no person', () => {
  expect(reported('run by root on node', { userName: 'root', hostName: 'node' })).toBe('run by root on node')
  expect(reported('the daemon', { userName: '', hostName: '' })).toBe('the daemon')
})

test('does not mask every slash of a project or a home that is the root folder', () => {
  expect(reported('in /etc/x', { home: '/', project: '/' })).toBe('in /etc/x')
  expect(reported('in /root/.codex', { home: '/root', project: '/root' })).toBe('in ~/.codex')
})
