/** How an order's steps fall into segments and windows. All ranges are half open. */
export type Plan = {
  steps: number
  stepsPerSegment: number
  segmentsPerWindow: number
  segments: number
  windows: number
}

/** Cuts T steps into ceil(T / k) segments and those into windows; only the last of each may be shorter. */
export function planOf(terms: { steps: number; stepsPerSegment: number; segmentsPerWindow: number }): Plan {
  const { steps, stepsPerSegment, segmentsPerWindow } = terms
  const segments = Math.ceil(steps / stepsPerSegment)
  return {
    steps,
    stepsPerSegment,
    segmentsPerWindow,
    segments,
    windows: Math.ceil(segments / segmentsPerWindow),
  }
}

/** First segment of a window. */
export function firstSegmentOf(plan: Plan, window: number): number {
  return window * plan.segmentsPerWindow
}

/** One past the last segment of a window. */
export function endSegmentOf(plan: Plan, window: number): number {
  return Math.min((window + 1) * plan.segmentsPerWindow, plan.segments)
}

/** Steps done before a segment begins. */
export function firstStepOf(plan: Plan, segment: number): number {
  return segment * plan.stepsPerSegment
}

/** Steps done once a segment is complete. */
export function lastStepOf(plan: Plan, segment: number): number {
  return Math.min((segment + 1) * plan.stepsPerSegment, plan.steps)
}

/** The window that a segment belongs to. */
export function windowOfSegment(plan: Plan, segment: number): number {
  return Math.floor(segment / plan.segmentsPerWindow)
}
