/** The screen of a terminal of a fixed size, so that a test reads what a person would see. Colours are not kept. */
export type TerminalScreen = {
  /** Processes output of the program. Returns the terminal's replies to queries in it. */
  write(output: string): string
  /** The lines of the screen, without trailing spaces. */
  lines(): string[]
}

type Cursor = { row: number; column: number }

type State = {
  columns: number
  rows: number
  cells: string[][]
  cursor: Cursor
  saved: Cursor
  /** The first and the last row of the region that scrolls. */
  region: { first: number; last: number }
}

/** Creates an empty screen. */
export function createTerminalScreen(columns: number, rows: number): TerminalScreen {
  const state: State = {
    columns,
    rows,
    cells: Array.from({ length: rows }, () => emptyRow(columns)),
    cursor: { row: 0, column: 0 },
    saved: { row: 0, column: 0 },
    region: { first: 0, last: rows - 1 },
  }
  let unread = ''
  return {
    write: (output) => {
      unread += output
      let replies = ''
      for (let match = token.exec(unread); match; match = token.exec(unread)) {
        unread = unread.slice(match[0].length)
        replies += take(state, match)
      }
      return replies
    },
    lines: () => state.cells.map((row) => row.join('').trimEnd()),
  }
}

/** Matches one whole control sequence, control string, escape or character. */
const token =
  // eslint-disable-next-line no-control-regex
  /^(?:\u001b\[(?<marks>[<-?]?)(?<numbers>[0-?]*)[ -/]*(?<final>[@-~])|\u001b[\]PX^_][^]*?(?:\u0007|\u001b\\)|\u001b[ -/]+.|\u001b(?<escape>[0-Z\\`-~])|(?<character>[^\u001b]))/u

function take(state: State, { groups = {} }: RegExpExecArray): string {
  const { marks = '', numbers = '', final, escape, character } = groups
  if (character !== undefined) put(state, character)
  else if (escape !== undefined) takeEscape(state, escape)
  else if (final === 'n' && numbers === '6')
    return `\u001b[${state.cursor.row + 1};${state.cursor.column + 1}R`
  else if (final === 'c' && marks === '') return '\u001b[?62c'
  else if (final !== undefined && marks === '') takeControl(state, final, numbers.split(';').map(Number))
  else if (final === 'h' && numbers === '1049') clear(state)
  return ''
}

function put(state: State, character: string): void {
  const { cursor, columns } = state
  if (character === '\n') feed(state)
  else if (character === '\r') cursor.column = 0
  else if (character === '\b') cursor.column = Math.max(0, cursor.column - 1)
  else if (character >= ' ') {
    if (cursor.column >= columns) {
      cursor.column = 0
      feed(state)
    }
    const row = state.cells[cursor.row] ?? []
    row[cursor.column] = character
    cursor.column += 1
  }
}

function feed(state: State): void {
  const { cursor, region, rows } = state
  if (cursor.row === region.last) scroll(state, region, 1)
  else cursor.row = Math.min(rows - 1, cursor.row + 1)
}

/** Scrolls the rows of a region up, or down for a negative number. The freed rows are empty. */
function scroll({ cells, columns }: State, { first, last }: State['region'], by: number): void {
  for (let done = 0; done < Math.min(Math.abs(by), last - first + 1); done += 1) {
    cells.splice(by > 0 ? first : last, 1)
    cells.splice(by > 0 ? last : first, 0, emptyRow(columns))
  }
}

function takeEscape(state: State, escape: string): void {
  const { cursor, region } = state
  if (escape === '7') state.saved = { ...cursor }
  else if (escape === '8') state.cursor = { ...state.saved }
  else if (escape === 'M' && cursor.row === region.first) scroll(state, region, -1)
  else if (escape === 'M') cursor.row -= 1
}

function takeControl(state: State, final: string, numbers: readonly number[]): void {
  const { cursor, region, rows } = state
  const [first = 0, second = 0] = numbers
  const count = first || 1
  const control = controls[final]
  if (control) control(state, count)
  else if (final === 'H' || final === 'f') moveTo(state, count - 1, (second || 1) - 1)
  else if (final === 'J') eraseScreen(state, first)
  else if (final === 'K') eraseLine(state, cursor.row, first)
  else if (final === 'r') {
    state.region = { first: count - 1, last: (second || rows) - 1 }
    moveTo(state, 0, 0)
  } else if (final === 'L' || final === 'M')
    scroll(state, { first: cursor.row, last: region.last }, final === 'M' ? count : -count)
}

const controls: Readonly<Record<string, (state: State, count: number) => void>> = {
  A: (state, count) => {
    moveTo(state, state.cursor.row - count, state.cursor.column)
  },
  B: (state, count) => {
    moveTo(state, state.cursor.row + count, state.cursor.column)
  },
  C: (state, count) => {
    moveTo(state, state.cursor.row, state.cursor.column + count)
  },
  D: (state, count) => {
    moveTo(state, state.cursor.row, state.cursor.column - count)
  },
  E: (state, count) => {
    moveTo(state, state.cursor.row + count, 0)
  },
  G: (state, count) => {
    moveTo(state, state.cursor.row, count - 1)
  },
  d: (state, count) => {
    moveTo(state, count - 1, state.cursor.column)
  },
  S: (state, count) => {
    scroll(state, state.region, count)
  },
  T: (state, count) => {
    scroll(state, state.region, -count)
  },
  X: ({ cells, cursor }, count) => {
    cells[cursor.row]?.fill(' ', cursor.column, cursor.column + count)
  },
  P: ({ cells, cursor }, count) => {
    const row = cells[cursor.row] ?? []
    const removed = row.splice(cursor.column, count)
    row.push(...emptyRow(removed.length))
  },
}

function moveTo(state: State, row: number, column: number): void {
  const within = (value: number, most: number): number => Math.min(Math.max(0, value), most)
  state.cursor = { row: within(row, state.rows - 1), column: within(column, state.columns - 1) }
}

/** Erases a part of the screen: 0 from the cursor on, 1 up to the cursor, 2 all. */
function eraseScreen(state: State, part: number): void {
  const { cursor, rows } = state
  for (let row = 0; row < rows; row += 1) {
    if (row === cursor.row) eraseLine(state, row, part)
    else if (part >= 2 || (part === 0 ? row > cursor.row : row < cursor.row)) eraseLine(state, row, 2)
  }
}

function eraseLine({ cells, cursor, columns }: State, row: number, part: number): void {
  const [from, to] = part === 0 ? [cursor.column, columns] : [0, part === 1 ? cursor.column + 1 : columns]
  cells[row]?.fill(' ', from, to)
}

function clear(state: State): void {
  eraseScreen(state, 2)
  moveTo(state, 0, 0)
}

function emptyRow(columns: number): string[] {
  return Array.from({ length: columns }, () => ' ')
}
