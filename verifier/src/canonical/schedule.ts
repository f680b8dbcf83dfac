/** Half-open range [first, end). */
export type Range = { first: number; end: number }

/** How a job's steps are cut into segments and windows (docs/formats.md 1). All numbers count from 0. */
export type Schedule = {
  steps: number
  segments: number
  windows: number
  /** steps of segment s: state before is checkpoint `first`, state after is checkpoint `end` */
  segmentSteps(segment: number): Range
  windowSegments(window: number): Range
  windowSteps(window: number): Range
  windowOfSegment(segment: number): number
  /** window in which the step after `step` steps runs */
  windowOfStep(step: number): number
}

/** @param job its steps T, steps per segment k and segments per window: N = ceil(T/k), W = ceil(N/spw) */
export function scheduleOf(job: {
  steps: number
  stepsPerSegment: number
  segmentsPerWindow: number
}): Schedule {
  const { steps, stepsPerSegment, segmentsPerWindow } = job
  const segments = Math.ceil(steps / stepsPerSegment)
  const windows = Math.ceil(segments / segmentsPerWindow)
  const segmentSteps = (segment: number) => ({
    first: within(segment, segments, 'segment') * stepsPerSegment,
    end: Math.min((segment + 1) * stepsPerSegment, steps),
  })
  const windowSegments = (window: number) => ({
    first: within(window, windows, 'window') * segmentsPerWindow,
    end: Math.min((window + 1) * segmentsPerWindow, segments),
  })
  return {
    steps,
    segments,
    windows,
    segmentSteps,
    windowSegments,
    windowSteps(window) {
      const { first, end } = windowSegments(window)
      return { first: segmentSteps(first).first, end: segmentSteps(end - 1).end }
    },
    windowOfSegment: (segment) => Math.floor(within(segment, segments, 'segment') / segmentsPerWindow),
    windowOfStep: (step) => Math.floor(within(step, steps, 'step') / (stepsPerSegment * segmentsPerWindow)),
  }
}

function within(index: number, count: number, what: string): number {
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new RangeError(`${what} ${index} is outside 0..${count - 1}`)
  }
  return index
}
