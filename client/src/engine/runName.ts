/** Name of an order's nth run of the trainer, in its directory and its run id. */
export function runName(attempt: number): string {
  return `r${attempt}`
}
