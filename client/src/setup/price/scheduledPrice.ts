import { type ScheduledPrice, weekDays } from '../../config/config.ts'

const DAY_MINUTES = 24 * 60

/**
 * The price of the first entry that holds at this time, or undefined if none does. An entry whose `to` is not
 * after its `from` ends on the next day; `days` are those on which it begins.
 * @param nowMs Unix time
 */
export function scheduledPrice(
  schedule: readonly ScheduledPrice[],
  timeZone: string,
  nowMs: number,
): bigint | undefined {
  if (schedule.length === 0) return undefined
  const { day, minute } = localTime(nowMs, timeZone)
  return schedule.find((entry) => holds(entry, day, minute))?.pricePerHourWei
}

function holds({ days, from, to }: ScheduledPrice, day: number, minute: number): boolean {
  const start = minutesOf(from)
  const end = minutesOf(to)
  const isDay = (index: number) => days.includes(weekDays[(index + 7) % 7]!)
  if (end > start) return isDay(day) && minute >= start && minute < end
  return (isDay(day) && minute >= start) || (isDay(day - 1) && minute < end)
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number)
  return Math.min(DAY_MINUTES, hours! * 60 + minutes!)
}

/** Day of the week (0: Monday) and minute of the day, as clocks there show them. */
function localTime(nowMs: number, timeZone: string): { day: number; minute: number } {
  const options = {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const
  const parts = new Intl.DateTimeFormat('en-GB', options).formatToParts(nowMs)
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? ''
  const day = (weekDays as readonly string[]).indexOf(part('weekday').toLowerCase())
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) }
}
