import { readFileSync } from 'node:fs'

/** Daily commands of several lines. daily-lines.txt has one line for each command. */
const several = [
  "cat <<'EOF'\na text with $dollars and 'quotes'\nEOF",
  'cat <<EOF\na plain text\nEOF',
  'ls \\\n  -la',
  'for f in src/*.ts; do\n  echo "$f"\n  head -5 "$f"\ndone',
]

/** Commands that people and models use every day to look around, which change nothing. */
export const dailyCommandLines: readonly string[] = [
  ...readFileSync(new URL('daily-lines.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n'),
  ...several,
]
