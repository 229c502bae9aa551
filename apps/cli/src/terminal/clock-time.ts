/** A time of the day where the person is: `14:02:11`. */
export function clockTime(at: number): string {
  const time = new Date(at)
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((number) => `${number}`.padStart(2, '0'))
    .join(':')
}
